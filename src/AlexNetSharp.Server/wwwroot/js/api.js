// Requests to this server. What goes wrong is said in words, by an Error whose message people can read.

const base = "page/api/";

async function answer(path, init) {
  let response;
  try {
    response = await fetch(path, init);
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
    case 401: case 403: return "The server refuses this request.";
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

export function events(path) {
  return new EventSource(base + path);
}

export function address(path) {
  return base + path;
}
