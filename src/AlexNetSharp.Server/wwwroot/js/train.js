// The view "Train": start, follow, stop and resume runs, and serve what comes of them.

import { address, follow as followEvents, get, hasKey, post } from "./api.js";
import { drawChart } from "./chart.js";
import { $, count, duration, make, percent, tell } from "./dom.js";
import { showReport } from "./report.js";
import { emit, on, state } from "./state.js";

let choices = null;
let selected = null;
let stream = null;
let minibatches = [];
let epochs = [];
let last = null;
let isBusy = false;

export function start() {
  $("train-form").addEventListener("submit", event => { event.preventDefault(); begin(); });
  $("train-recipe").addEventListener("change", aboutRecipe);
  $("run-stop").addEventListener("click", () => act("stop"));
  $("run-resume").addEventListener("click", () => act("resume"));
  $("run-serve").addEventListener("click", serve);
  on("view", () => { if (state.view === "train") open(); else follow(null); });
}

async function open() {
  try {
    choices ??= await loadChoices();
    await list();
    if (selected)
      follow(selected);
  } catch (e) {
    tell(e.message);
  }
}

async function loadChoices() {
  const found = await get("training");
  $("train-form").hidden = !found.is_allowed;
  $("train-off").hidden = found.is_allowed;
  $("train-off").textContent = found.reason ?? "";
  $("train-data").replaceChildren(...found.data.map(name => make("option", { value: name }, name)));
  $("train-recipe").replaceChildren(...found.recipes.map(recipe => make("option", { value: recipe.name }, recipe.name)));
  $("train-recipe").value = "mnist-fast";
  choices = found;
  aboutRecipe();
  return found;
}

function aboutRecipe() {
  const recipe = choices.recipes.find(each => each.name === $("train-recipe").value);
  if (!recipe)
    return;
  $("train-about").textContent = `${recipe.name}: ${recipe.summary}.`;
  $("train-epochs").placeholder = recipe.epochs === null ? `${count(recipe.images)} pictures` : String(recipe.epochs);
  if (recipe.data !== null && choices.data.includes(recipe.data))
    $("train-data").value = recipe.data;
}

async function list() {
  const { runs } = await get("runs");
  $("runs-empty").hidden = runs.length > 0;
  $("runs").replaceChildren(...runs.map(item));
  // What runs now is what people came for.
  const now = runs.find(run => run.name === selected) ?? (selected === null ? runs.find(run => run.state === "running") ?? runs[0] : undefined);
  if (now && selected === null)
    select(now.name, false);
}

function item(run) {
  const accuracy = run.test_accuracy ?? run.best_validation_accuracy;
  const what = [run.recipe, run.data, accuracy === null ? null : percent(accuracy), run.problem].filter(each => each).join(" · ");
  return make("li", {}, make("button", { type: "button", "data-run": run.name, "aria-current": String(run.name === selected), onclick: () => select(run.name, true) },
    make("span", { class: "name" }, run.name),
    make("span", { class: `state ${run.state ?? "failed"}` }, run.state ?? "damaged"),
    make("span", { class: "what" }, what)));
}

function select(name, takesFocus) {
  selected = name;
  for (const button of document.querySelectorAll("#runs button"))
    button.setAttribute("aria-current", String(button.dataset.run === name));
  $("run").hidden = false;
  $("run-name").textContent = name;
  $("report").replaceChildren();
  delete $("report").dataset.run;
  if (takesFocus) {
    $("run-name").focus({ preventScroll: true });
    $("run").scrollIntoView({ block: "nearest" });
  }
  follow(name);
}

// Server-sent events: what the run has measured so far, and then each measurement as it comes.
function follow(name) {
  stream?.abort();
  stream = null;
  if (name !== null)
    listen(name, stream = new AbortController());
}

async function listen(name, current) {
  [minibatches, epochs] = [[], []];
  let isOver = false;
  try {
    await followEvents(`run/events?name=${encodeURIComponent(name)}`, current.signal, (kind, data) => {
      if (current !== stream)
        return;
      switch (kind) {
        case "run":
          describe(data);
          break;
        case "metrics":
          if (data.begins_anew)
            [minibatches, epochs] = [[], []];
          minibatches.push(...data.minibatches);
          epochs.push(...data.epochs);
          draw();
          break;
        case "problem":
          tell(data.error);
          break;
        case "end":
          isOver = true;
          break;
      }
    });
  } catch (e) {
    if (current === stream)
      tell(e.message);
  }
  // The connection was lost before the run's end.
  if (!isOver && current === stream)
    setTimeout(() => { if (current === stream) follow(name); }, 3000);
}

function draw() {
  const of = (list, figure) => list.filter(each => each[figure] !== null).map(each => ({ x: each.step, y: each[figure] }));
  drawChart($("chart-loss"), "Loss", [{ name: "minibatch", points: of(minibatches, "loss") }, { name: "validation", points: of(epochs, "validation_loss") }], false);
  drawChart($("chart-accuracy"), "Accuracy", [{ name: "minibatch", points: of(minibatches, "accuracy") }, { name: "validation", points: of(epochs, "validation_accuracy") }], true);
  figures();
}

function describe(run) {
  const before = last?.name === run.name ? last.state : null;
  last = run;
  const label = $("run-state");
  label.textContent = run.is_stopping ? "stopping" : run.state ?? "damaged";
  label.className = `state ${run.state ?? "failed"}`;
  const seed = run.seed === null ? "" : `, seed ${run.seed}`;
  $("run-what").textContent = `${run.model ?? "?"} on ${run.data ?? "?"}, recipe ${run.recipe ?? "?"}${seed}${run.started ? `, begun ${new Date(run.started).toLocaleString()}` : ""}.`;
  const problem = run.problem ?? run.error;
  $("run-problem").hidden = !problem;
  $("run-problem").textContent = problem ?? "";
  $("run-stop").hidden = !run.can_stop;
  $("run-stop").disabled = run.is_stopping;
  $("run-resume").hidden = !run.can_resume;
  $("run-serve").hidden = !run.can_serve;
  // A plain link carries no key.
  $("run-report").hidden = !run.has_report || hasKey();
  $("run-report").href = address(`run/report?name=${encodeURIComponent(run.name)}`);
  if (minibatches.length === 0)
    draw();
  figures();
  if (before !== null && before !== run.state)
    list().catch(e => tell(e.message));
  if (run.has_report && run.state !== "running" && $("report").dataset.run !== run.name) {
    $("report").dataset.run = run.name;
    showReport($("report"), `run/report?name=${encodeURIComponent(run.name)}`).catch(e => tell(e.message));
  }
}

function figures() {
  if (!last)
    return;
  const latest = minibatches.at(-1);
  const seconds = last.seconds ?? Math.max(latest?.seconds ?? 0, epochs.at(-1)?.seconds ?? 0);
  const step = last.steps ?? Math.max(latest?.step ?? 0, epochs.at(-1)?.step ?? 0);
  const rows = [
    ["Step", count(step), last.epochs_planned ? `epoch ${Math.min((epochs.length) + (last.state === "running" ? 1 : 0), last.epochs_planned) || 1} of ${last.epochs_planned}` : null],
    latest && ["Speed", `${count(Math.round(latest.images / latest.seconds))}`, "images/s"],
    seconds > 0 && ["Time", duration(seconds), null],
    last.test_accuracy !== null ? ["Test accuracy", percent(last.test_accuracy), null]
      : last.best_validation_accuracy !== null && ["Best validation", percent(last.best_validation_accuracy), null],
  ].filter(each => each);
  $("run-figures").replaceChildren(...rows.map(([name, value, note]) => make("div", {}, make("dt", {}, name), make("dd", {}, value), note && make("dd", { class: "about" }, note))));
}

// One thing at a time; the button says that it is being done.
async function once(button, work) {
  if (isBusy)
    return;
  isBusy = true;
  const text = button.textContent;
  button.textContent = `${text} …`;
  button.setAttribute("aria-disabled", "true");
  try {
    tell(null);
    await work();
  } catch (e) {
    tell(e.message);
  } finally {
    isBusy = false;
    button.textContent = text;
    button.removeAttribute("aria-disabled");
  }
}

function begin() {
  return once($("train-start"), async () => {
    const number = id => $(id).value === "" ? null : Number($(id).value);
    const { name } = await post("runs", {
      data: $("train-data").value, recipe: $("train-recipe").value, epochs: number("train-epochs"), seed: number("train-seed"), name: $("train-name").value || null,
    });
    $("train-name").value = "";
    selected = name;
    await list();
    select(name, true);
  });
}

function act(what) {
  const name = selected;
  return once($(`run-${what}`), async () => {
    await post(`run/${what}?name=${encodeURIComponent(name)}`);
    if (what === "resume") {
      $("report").replaceChildren();
      delete $("report").dataset.run;
    }
    await list();
    follow(name);
  });
}

function serve() {
  const name = selected;
  return once($("run-serve"), async () => {
    state.served = await post(`run/serve?name=${encodeURIComponent(name)}`);
    emit("served");
    $("run-problem").hidden = false;
    $("run-problem").textContent = `Served as ${state.served.name}, version ${state.served.version}: it is chosen above, and answers in Draw and Picture now.`;
  });
}
