select request_content, stream, position, sequence, version, append_len
from events
where tenant = ?1 and request_id = ?2
