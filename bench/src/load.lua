-- What wrk sends: wrk … --script load.lua <url> -- <authorization> <form, or ''> <mean pause in ms, or 0> <largest number, or 0>
-- With a pause, every connection waits a random time between answer and next request, and 503s are counted.

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  wrk.headers["Authorization"] = args[1]
  if args[2] ~= "" then
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
    wrk.body = args[2]
  end
  local numbers = tonumber(args[4])
  if numbers > 0 then
    request = function()
      return wrk.format(nil, (wrk.path:gsub("{n}", math.random(numbers))))
    end
  end
  busy = 0
  local pause = tonumber(args[3])
  if pause > 0 then
    delay = function()
      return math.random(0, 2 * pause)
    end
    response = function(status)
      if status == 503 then
        busy = busy + 1
      end
    end
  end
end

function done(summary, latency)
  local busy = 0
  for _, thread in ipairs(threads) do
    busy = busy + thread:get("busy")
  end
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"duration_us":%d,"p50_us":%d,"p99_us":%d,"refused":%d,"busy":%d,"broken":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), errors.status, busy,
    errors.connect + errors.read + errors.write + errors.timeout
  ))
end
