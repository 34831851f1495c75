-- What wrk sends: wrk … --script load.lua <url> -- <option>=<value> …
--
--   authorization  the header
--   form           the body of a POST; without one, it is a GET
--   etag           If-None-Match
--   pause          the mean pause in ms between an answer and the next request; 503s are counted then
--   numbers        the largest number that {n} in the path stands for
--   tokens         a file with a token a line
--   chain          what is done with them; without it, {token} in the form is each of them in turn
--     refresh        every thread refreshes with its own token, and then with what it was answered
--     revoke         every thread gets a token with the form, then revokes it, and so on
--     close          the same, and closes the session of the token
--   wanted         the status of a good answer; without it, any below 400

local threads = {}

function setup(thread)
  table.insert(threads, thread)
  thread:set("number", #threads)
end

local function lines_of(file)
  local lines = {}
  for line in io.lines(file) do
    table.insert(lines, line)
  end
  return lines
end

local function number_of(option)
  return tonumber(option or "0")
end

local function take_in_turn(tokens)
  local requests, at = {}, number
  for _, token in ipairs(tokens) do
    table.insert(requests, wrk.format(nil, nil, nil, (wrk.body:gsub("{token}", token))))
  end
  request = function()
    at = at % #requests + 1
    return requests[at]
  end
end

local function refresh(token)
  request = function()
    return wrk.format(nil, nil, nil, "grant_type=refresh_token&refresh_token=" .. token)
  end
  return function(status, headers, body)
    token = body:match('"refresh_token":"([^"]+)"') or token
  end
end

-- A request for a token, then one that ends it. `request` is also called once before the load, so it changes nothing.
local function mint_and(finish)
  local mint, token = wrk.format(), nil
  request = function()
    return token and finish(token) or mint
  end
  return function(status, headers, body)
    token = not token and body:match('"access_token":"([^"]+)"') or nil
  end
end

local chains = {
  refresh = function(options)
    return refresh(lines_of(options.tokens)[number])
  end,
  revoke = function()
    return mint_and(function(token)
      return wrk.format("POST", "/auth/revoke", nil, "token=" .. token)
    end)
  end,
  close = function()
    return mint_and(function(token)
      return wrk.format("DELETE", "/Session", { Authorization = "Bearer " .. token }, "")
    end)
  end,
}

function init(args)
  local options = {}
  for _, arg in ipairs(args) do
    local name, value = arg:match("^(%l+)=(.*)$")
    options[name] = value
  end
  wrk.headers["Authorization"] = options.authorization
  wrk.headers["If-None-Match"] = options.etag
  if options.form then
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
    wrk.body = options.form
  end

  local numbers = number_of(options.numbers)
  if numbers > 0 then
    request = function()
      return wrk.format(nil, (wrk.path:gsub("{n}", math.random(numbers))))
    end
  end
  local follow
  if options.chain then
    follow = chains[options.chain](options)
  elseif options.tokens then
    take_in_turn(lines_of(options.tokens))
  end

  local pause = number_of(options.pause)
  if pause > 0 then
    delay = function()
      return math.random(0, 2 * pause)
    end
  end

  busy, wanted = 0, 0
  local status_wanted = tonumber(options.wanted)
  if follow or status_wanted or pause > 0 then
    response = function(status, headers, body)
      if status == 503 then
        busy = busy + 1
      end
      if status == status_wanted then
        wanted = wanted + 1
      end
      if follow then
        follow(status, headers, body)
      end
    end
  end
end

function done(summary, latency)
  local busy, wanted = 0, 0
  for _, thread in ipairs(threads) do
    busy = busy + thread:get("busy")
    wanted = wanted + thread:get("wanted")
  end
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"duration_us":%d,"p50_us":%d,"p99_us":%d,"above_399":%d,"wanted":%d,"busy":%d,"broken":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), errors.status, wanted, busy,
    errors.connect + errors.read + errors.write + errors.timeout
  ))
end
