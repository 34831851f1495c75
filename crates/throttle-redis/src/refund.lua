-- Gives one try back to every budget that is known. KEYS: the budgets. ARGV: the cost of each.
for i, key in ipairs(KEYS) do
    local level = tonumber(redis.call('GET', key))
    if level then
        redis.call('SET', key, string.format('%.0f', level - tonumber(ARGV[i])), 'KEEPTTL')
    end
end
return {}
