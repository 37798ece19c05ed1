// Starts the page: tabs, the choice of a model, and the five views.

import { get, setKey } from "./api.js";
import { $, make, tell } from "./dom.js";
import { emit, on, state } from "./state.js";
import { start as startDraw } from "./draw.js";
import { start as startLook } from "./look.js";
import { start as startDrop } from "./drop.js";
import { start as startTrain } from "./train.js";
import { start as startAbout } from "./about.js";

const tabs = [...document.querySelectorAll("[role=tab]")];

function show(name, takesFocus) {
  const chosen = tabs.find(tab => tab.getAttribute("aria-controls") === name) ?? tabs[0];
  for (const tab of tabs) {
    const isChosen = tab === chosen;
    tab.setAttribute("aria-selected", String(isChosen));
    tab.tabIndex = isChosen ? 0 : -1;
    $(tab.getAttribute("aria-controls")).hidden = !isChosen;
  }
  state.view = chosen.getAttribute("aria-controls");
  document.title = `${chosen.textContent} · AlexNet`;
  chosen.scrollIntoView({ block: "nearest", inline: "nearest" });
  if (takesFocus)
    chosen.focus();
  tell(null);
  emit("view");
}

export function go(name) {
  if (location.hash !== `#${name}`)
    history.pushState(null, "", `#${name}`);
  show(name, false);
}

function startTabs() {
  for (const [i, tab] of tabs.entries()) {
    tab.addEventListener("click", () => go(tab.getAttribute("aria-controls")));
    tab.addEventListener("keydown", event => {
      const next = { ArrowRight: i + 1, ArrowLeft: i - 1 + tabs.length, Home: 0, End: tabs.length - 1 }[event.key];
      if (next === undefined)
        return;
      event.preventDefault();
      const target = tabs[next % tabs.length].getAttribute("aria-controls");
      history.replaceState(null, "", `#${target}`);
      show(target, true);
    });
  }
  const follow = () => show(location.hash.slice(1), false);
  addEventListener("popstate", follow);
  addEventListener("hashchange", follow);
  on("go", () => go(state.target));
}

function keyOf(model) {
  return `${model.name}\n${model.version}`;
}

async function loadModels(wanted) {
  const answer = await get("models");
  state.models = answer.models;
  $("version").textContent = answer.version;
  const chooser = $("model");
  const before = wanted ?? (state.model && keyOf(state.model));
  chooser.replaceChildren(...state.models.map(model => make("option", { value: keyOf(model) }, state.models.filter(each => each.name === model.name).length > 1 ? `${model.name}, version ${model.version}` : model.name)));
  state.model = state.models.find(model => keyOf(model) === before) ?? state.models[0] ?? null;
  if (state.model)
    chooser.value = keyOf(state.model);
  $("chooser").hidden = state.models.length === 0;
  if (!state.model)
    tell("The server serves no model yet. Train one, or start it with one: alexnet serve MODEL.");
  else
    tell(null);
  emit("model");
}

async function start() {
  startTabs();
  startDraw();
  startLook();
  startDrop();
  startTrain();
  startAbout();
  $("model").addEventListener("change", event => {
    state.model = state.models.find(model => keyOf(model) === event.target.value);
    emit("model");
  });
  on("served", () => loadModels(state.served && keyOf(state.served)).catch(e => tell(e.message)));
  $("key-form").addEventListener("submit", event => {
    event.preventDefault();
    setKey($("key").value);
    open();
  });
  show(location.hash.slice(1), false);
  await open();
}

async function open() {
  try {
    await loadModels();
    $("key-form").hidden = true;
    document.documentElement.dataset.ready = "true";
  } catch (e) {
    $("key-form").hidden = e.status !== 401;
    tell(e.message);
    // The server listens before its models are loaded.
    if (e.status === 503)
      setTimeout(open, 500);
  }
}

start();
