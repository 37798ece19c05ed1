// What the views share: the models, the one chosen, and the picture that people drew or dropped last.

const listeners = new Map();

export const state = { models: [], model: null, picture: null };

export function on(what, listener) {
  if (!listeners.has(what))
    listeners.set(what, []);
  listeners.get(what).push(listener);
}

export function emit(what) {
  for (const listener of listeners.get(what) ?? [])
    listener();
}

// A blob with a name and where it came from; null where the paper is blank.
export function setPicture(blob, name) {
  state.picture = blob === null ? null : { blob, name };
  emit("picture");
}

// How a request names the chosen model.
export function modelQuery() {
  const model = state.model;
  return `model=${encodeURIComponent(model.name)}&version=${encodeURIComponent(model.version)}`;
}
