// Requests to this server. What goes wrong is said in words, by an Error whose message people can read.

const base = "page/api/";
const place = "alexnet-key";

// A server may ask for a key. It is kept as long as the window is open.
export function setKey(key) {
  sessionStorage.setItem(place, key);
}

export function hasKey() {
  return sessionStorage.getItem(place) !== null;
}

async function answer(path, init) {
  const key = sessionStorage.getItem(place);
  let response;
  try {
    response = await fetch(path, key === null ? init : { ...init, headers: { ...init?.headers, "X-Api-Key": key } });
  } catch (e) {
    if (e.name === "AbortError")
      throw e;
    throw new Error("The server does not answer. Is it still running?");
  }
  if (response.ok)
    return response;
  const error = new Error(await wordsOf(response));
  error.status = response.status;
  throw error;
}

async function wordsOf(response) {
  try {
    const { error } = await response.json();
    if (typeof error === "string")
      return error;
  } catch {
    // Not JSON: the status says what there is to say.
  }
  switch (response.status) {
    case 401: return "The server asks for a key.";
    case 403: return "The server refuses this request.";
    case 413: return "That is larger than the server takes.";
    case 429: case 503: return "The server is busy. Try again in a moment.";
    default: return `The server answered with status ${response.status}.`;
  }
}

export async function get(path, init) {
  return (await answer(base + path, init)).json();
}

export async function getText(path) {
  return (await answer(base + path)).text();
}

export async function post(path, body) {
  const response = await answer(base + path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body ?? {}),
  });
  return response.status === 204 ? null : response.json();
}

export async function postPicture(path, picture, signal) {
  return (await answer(base + path, {
    method: "POST",
    headers: { "Content-Type": picture.type || "application/octet-stream" },
    body: picture,
    signal,
  })).json();
}

// Server-sent events, read by hand: EventSource cannot carry a key. told(event, data) is called for each, until the server ends the stream.
export async function follow(path, signal, told) {
  const response = await answer(base + path, { signal, headers: { Accept: "text/event-stream" } });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    rest += part.value;
    const messages = rest.split("\n\n");
    rest = messages.pop();
    for (const message of messages) {
      const lines = message.split("\n");
      const of = name => lines.filter(line => line.startsWith(`${name}: `)).map(line => line.slice(name.length + 2)).join("\n");
      told(of("event"), JSON.parse(of("data")));
    }
  }
}

export function address(path) {
  return base + path;
}
