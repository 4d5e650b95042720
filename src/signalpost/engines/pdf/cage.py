"""The bounds of a worker process, set by itself before it reads anything: memory, CPU time, no network.

A compile cannot be interrupted from inside, so every bound ends the process; the pool reads the cause off its end.
"""

import ctypes
import math
import platform
import resource
import sys
import time

_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_EACCES = 13

#: Classic BPF (linux/bpf_common.h): load a word of the call, compare, jump, return.
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
#: Offsets in `struct seccomp_data`.
_NUMBER, _ARCHITECTURE = 0, 4
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | _EACCES
#: Call numbers from here are the x32 twins of the same calls.
_X32 = 0x40000000

#: Audit architecture, and the numbers of `socket` and `io_uring_setup`.
_CALLS = {"x86_64": (0xC000003E, (41, 425)), "aarch64": (0xC00000B7, (198, 425))}


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("jt", ctypes.c_uint8), ("jf", ctypes.c_uint8), ("k", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(_Instruction)))


def limit_memory(memory_bytes: int) -> None:
    """Bound the address space, and leave no core file behind."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def allow_cpu(seconds: int) -> None:
    """Let the process use so many more seconds of CPU time; the kernel then ends it with SIGXCPU."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time()) + seconds, hard))


def forbid_network() -> bool:
    """Refuse every new socket with EACCES from now on, in this process and its threads.

    Returns:
        False where the kernel offers no filter (not Linux, another processor, seccomp switched off).
    """
    found = _CALLS.get(platform.machine())
    if sys.platform != "linux" or found is None:
        return False
    architecture, forbidden = found
    lines = [(_LOAD, 0, 0, _ARCHITECTURE), (_IF_EQUAL, 1, 0, architecture), (_RETURN, 0, 0, _REFUSE)]
    lines += [(_LOAD, 0, 0, _NUMBER), (_IF_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _REFUSE)]
    for number in forbidden:
        lines += [(_IF_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE)]
    lines.append((_RETURN, 0, 0, _ALLOW))
    program = _Program(len(lines), (_Instruction * len(lines))(*(_Instruction(*line) for line in lines)))
    process = ctypes.CDLL(None, use_errno=True)
    is_bound = process.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0
    return is_bound and process.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0
