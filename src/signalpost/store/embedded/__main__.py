"""The keeper's command, which only an owner gives: `python -m … FOLDER_FD LISTENER_FD PROGRAMS`."""

import sys

from signalpost.store.embedded import keeper

sys.exit(keeper.main(sys.argv[1:]))
