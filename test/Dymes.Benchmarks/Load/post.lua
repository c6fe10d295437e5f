-- Single appends: bodies of as many bytes as the first argument says (1 KiB) as base64, two headers, 1,000 channels. All requests are made before the clock starts, so that wrk spends its time on the wire.
local requests = {}
local next_request = 0
local prepared = 1000

function init(args)
  local bytes = tonumber(args[1] or "1024")
  local body = string.rep("RHltZXMg", math.floor(bytes / 6)) .. ({ "", "RA==", "RHk=", "RHlt", "RHltZQ==", "RHltZXM=" })[bytes % 6 + 1]
  for channel = 1, prepared do
    requests[channel] = wrk.format("POST", nil, { ["Content-Type"] = "application/json" },
      '{"channel":' .. channel .. ',"routing":"0x5","kv_entries":[{"key":"type","value":"OrderPlaced"},{"key":"tenant","value":"acme"}],"encoded_msg_body":"' .. body .. '"}')
  end
end

function request()
  next_request = next_request % prepared + 1
  return requests[next_request]
end

function done(summary, latency, _)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d\n", summary.requests, summary.duration,
    e.connect + e.read + e.write + e.status + e.timeout, latency:percentile(50), latency:percentile(99), latency.max))
end
