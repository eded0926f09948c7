-- wrk -s load.lua URL -- FILE
-- FILE has one JSON body a line. They are sent in turn. Each @UUID@ in a body becomes a UUID that no other request has.
local bodies, position, has_placeholder = {}, 0, false

function init(arguments)
  for line in io.lines(arguments[1]) do bodies[#bodies + 1] = line end
  has_placeholder = bodies[1]:find("@UUID@", 1, true) ~= nil
  wrk.method = "POST"
  wrk.headers["Content-Type"], wrk.headers["Accept"] = "application/json", "application/json"
  math.randomseed(os.time() * 1000 + (os.clock() * 1e6) % 1000)
  if not has_placeholder then
    for number, body in ipairs(bodies) do bodies[number] = wrk.format(nil, nil, nil, body) end
  end
end

local function uuid()
  local random = math.random
  return string.format("%08x-%04x-4%03x-a%03x-%06x%06x", random(0, 2 ^ 31 - 1), random(0, 0xffff), random(0, 0xfff),
    random(0, 0xfff), random(0, 0xffffff), random(0, 0xffffff))
end

function request()
  position = position % #bodies + 1
  if not has_placeholder then return bodies[position] end
  return wrk.format(nil, nil, nil, (bodies[position]:gsub("@UUID@", uuid())))
end

function done(summary)
  local errors = summary.errors
  io.write(string.format('\nRESULT {"requests": %d, "microseconds": %d, "errors": %d}\n', summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
