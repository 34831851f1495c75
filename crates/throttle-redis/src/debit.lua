-- Debits one try from every budget, or none: the generic cell rate algorithm, one instant per key.
-- KEYS: the budgets. ARGV: the caller's time, or nothing for this server's; then cost and burst of each
-- budget. Times and costs are microseconds. Answers nothing, or the longest wait and whose it is.
local now = tonumber(ARGV[1])
if not now then
    local time = redis.call('TIME')
    now = time[1] * 1000000 + time[2]
end
local levels, longest, whose = {}, 0, 0
for i, key in ipairs(KEYS) do
    local cost, burst = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
    local level = math.max(tonumber(redis.call('GET', key)) or now, now)
    -- A clock that was put back does not leave more than a spent budget.
    level = math.min(level, now + cost * burst)
    levels[i] = level + cost
    local wait = levels[i] - (now + cost * burst)
    if wait > longest then
        longest, whose = wait, i
    end
end
if whose > 0 then
    return { longest, whose }
end
for i, key in ipairs(KEYS) do
    -- A budget that is full again is as one that was never seen.
    local full_in = math.ceil((levels[i] - now) / 1000) + 1000
    redis.call('SET', key, string.format('%.0f', levels[i]), 'PX', string.format('%.0f', full_in))
end
return {}
