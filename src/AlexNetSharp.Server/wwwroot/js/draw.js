// The view "Draw": the network answers while one draws.

import { postPicture } from "./api.js";
import { emptyBars, showBars } from "./bars.js";
import { $, make, percent, tell } from "./dom.js";
import { Pad } from "./pad.js";
import { emit, modelQuery, on, setPicture, state } from "./state.js";

const samples = 20;

let pad;
let isAsking = false;
let isStale = false;
let version = 0;

export function start() {
  pad = new Pad($("paper"), $("pen"), changed, isDown => { $("pen-state").textContent = isDown === null ? "" : isDown ? "The pen is down." : "The pen is up."; });
  $("undo").addEventListener("click", () => pad.undo());
  $("clear").addEventListener("click", () => pad.clear());
  $("draw-look").addEventListener("click", async () => {
    setPicture(await pad.toBlob(), "your drawing");
    state.target = "look";
    emit("go");
  });
  for (let i = 0; i < samples; i++)
    $("samples").append(sampleButton(i));
  on("model", () => {
    if (!state.model)
      return;
    $("draw-lead").textContent = state.model.finds_glyph
      ? "One large digit. The network answers while you draw."
      : `This model, ${state.model.name}, was not trained on drawings; it answers all the same.`;
    if (pad.isBlank)
      blank();
    else
      ask();
  });
}

export async function takeSample(index) {
  const picture = new Image();
  picture.src = `samples/${index}.png`;
  await picture.decode();
  pad.show(picture);
  setPicture(await pad.toBlob(), "a sample digit");
}

function sampleButton(index) {
  const digit = index % 10;
  const name = `Sample: a ${digit}${index < 10 ? "" : ", another one"}`;
  return make("button", { type: "button", "aria-label": name, onclick: () => takeSample(index).catch(e => tell(e.message)) },
    make("img", { src: `samples/${index}.png`, alt: "", width: 48, height: 48 }));
}

function changed(isOver) {
  version++;
  for (const id of ["undo", "clear", "draw-look"])
    $(id).disabled = pad.isBlank;
  if (pad.isBlank) {
    blank();
    setPicture(null);
    return;
  }
  if (isOver)
    pad.toBlob().then(blob => { if (!pad.isBlank) setPicture(blob, "your drawing"); });
  ask();
}

function blank() {
  isStale = false;
  $("guess-label").textContent = "–";
  $("guess-label").classList.add("short");
  $("guess-how").textContent = "Waiting for a stroke";
  $("seen-picture").hidden = true;
  $("draw-time").textContent = "";
  $("spoken").textContent = "";
  emptyBars($("draw-bars"), state.model?.classes ?? []);
}

// One request at a time; what was drawn meanwhile goes with the next.
async function ask() {
  if (!state.model)
    return;
  if (isAsking) {
    isStale = true;
    return;
  }
  isAsking = true;
  try {
    do {
      isStale = false;
      const asked = version;
      const started = performance.now();
      const answer = await postPicture(`predict?${modelQuery()}`, await pad.toBlob());
      if (!pad.isBlank)
        show(answer, performance.now() - started, asked);
    } while (isStale && !pad.isBlank);
    tell(null);
  } catch (e) {
    // A first dot may be too little to be found.
    if (e.status !== 422)
      tell(e.message);
  } finally {
    isAsking = false;
  }
}

function show(answer, milliseconds, asked) {
  const best = answer.top[0];
  $("guess-label").textContent = best.label;
  $("guess-label").classList.toggle("short", best.label.length < 4);
  $("guess-how").textContent = percent(best.probability);
  showBars($("draw-bars"), answer.top, state.model.classes.length);
  const seen = $("seen-picture");
  seen.src = answer.input;
  seen.alt = `Your drawing, brought to ${state.model.input.width} by ${state.model.input.height} pixels`;
  seen.hidden = false;
  $("draw-time").textContent = `Answered in ${milliseconds.toFixed(0)} ms.`;
  $("draw-time").dataset.milliseconds = milliseconds.toFixed(1);
  $("draw-time").dataset.version = String(asked);
  if (!isStale)
    $("spoken").textContent = `${best.label}, ${percent(best.probability)}`;
}
