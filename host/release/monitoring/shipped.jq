# What of the journal may leave the machine: a list of what stays, since nobody knows what a next version will write.

# Of a line that is an object: these, at these places. Query strings, headers, subjects and identities are not among them.
def listed: [
  ["level"], ["msg"], ["message"], ["time"], ["ts"], ["logger"], ["audience"], ["service_name"], ["service_version"],
  ["status"], ["size"], ["bytes_read"], ["duration"], ["zone"], ["wait"], ["user_agent"], ["cf_ray"], ["referer"], ["location"],
  (["request"] + (("method", "host", "uri", "proto", "client_ip", "remote_ip") | [.])),
  (["http_request"] + (("method", "host", "path", "remote", "scheme") | [.])),
  (["http_response"] + (("status", "text_status", "size", "took") | [.])),
  (["error"] + (("message", "reason", "status", "status_code") | [.]))
];
# Relays and databases repeat addresses in what they complain about.
def unaddressed: if type == "string" then gsub("[^\\s<>\"'(=:]+@[^\\s<>\"')]+"; "removed") else . end;
def of_object:
  . as $line
  | reduce listed[] as $place ({}; ($line | try getpath($place) catch null) as $value
      | if ($value | type) | . == "string" or . == "number" or . == "boolean" then setpath($place; $value | unaddressed) else . end);

# Of a line that is text: whole where the writer is ours or names no person; what applications and databases write about data, not.
def of_text($writer):
  if $writer | test("^olympus-(prometheus|alertmanager|node-exporter|postgres-exporter)$") or (startswith("olympus-") | not) or endswith(".service") then .
  elif $writer == "olympus-postgres" then
    if test("\\] (\\S+@\\S+ )?(LOG|WARNING|FATAL|PANIC):") then .
    elif test("\\] (\\S+@\\S+ )?ERROR:") then gsub("\"[^\"]*\""; "\"removed\"")
    else "removed" end
  elif test("^\\[[a-z_]+\\]") then unaddressed
  else "removed" end;

select(((.CONTAINER_NAME // "") | startswith("olympus-")) or ((._SYSTEMD_UNIT // .UNIT // "") | test("^(olympus|ssh|sshd)")))
| (.CONTAINER_NAME // ._SYSTEMD_UNIT // .UNIT) as $writer
| {time: (.__REALTIME_TIMESTAMP | tonumber / 1000000 | todate), host: ._HOSTNAME,
   unit: $writer, priority: (.PRIORITY | tonumber? // 6),
   message: (.MESSAGE | if type == "array" then implode else tostring end
     | (try fromjson catch null) as $object
     | if $object | type == "object" then $object | of_object | tojson else of_text($writer) end)}
