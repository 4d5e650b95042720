class PDU:
    command: str
    status: int
    sequence: int
    esm_class: int | None
    data_coding: int | None
    short_message: bytes | None
    message_payload: bytes | None
    message_id: bytes | None
    source_addr: bytes | None
    destination_addr: bytes | None
    system_id: bytes | None
    password: bytes | None
    registered_delivery: int
    receipted_message_id: bytes | None
    message_state: int | None
    def is_error(self) -> bool: ...
    def generate(self) -> bytes: ...
