// The console: starts, follows the world that is chosen, and has the forms work.

import { freezeOrRun, refreshClock, setClock, turnClock } from "./clock.js";
import { ask, askWorld, oneAtATime, state, useToken } from "./controls.js";
import { byId, offer, on, onSubmit } from "./dom.js";
import { addScript, clearScripts, faultChoices, refreshFaults } from "./faults.js";
import { operationChoices, refreshLog, wireLog } from "./log.js";
import { fail, mend, tell } from "./messages.js";
import { followTree, refreshTree, wireTree } from "./tree.js";
import {
  dropWorld, makeWorld, refreshSettings, refreshSnapshots, refreshWorlds, resetWorld,
  setStrict, takeSnapshot, wireSnapshots,
} from "./world.js";

const TICK = 1000; // milliseconds between two looks at the log
const WHOLE = 5; // every so many looks, all of the page is looked after
let paused = false;
let ticks = 0;
let failing = ""; // what went wrong at the last look

/** Does something, says what was done or went wrong, and shows what has become. */
async function act(work) {
  try {
    tell((await work()) ?? "");
    await refreshAll();
  } catch (error) {
    fail(error);
  }
}

async function refreshAll() {
  await begin();
  await refreshWorlds();
  await Promise.all([
    refreshLog(), refreshTree(), refreshClock(), refreshFaults(), refreshSettings(),
    refreshSnapshots(),
  ]);
}

const begin = oneAtATime(async () => {
  if (state.contract) return;
  state.contract = await ask("GET", "/contract");
  byId("api").textContent = state.contract.title;
  document.title = `tasktwin ${state.contract.title}`;
  offer(byId("log-operation"), operationChoices(state.contract), "");
  offer(byId("fault-operation"), faultChoices(state.contract), "*");
});

async function follow() {
  if (!state.contract) return;
  ticks += 1;
  if (ticks % WHOLE === 0) return refreshAll();
  const [news] = await Promise.all([refreshLog(), refreshClock()]);
  if (news) await Promise.all([followTree(), refreshFaults()]);
}

async function tick() {
  try {
    if (!paused && !document.hidden) {
      await follow();
      if (failing) mend(failing);
      failing = "";
    }
  } catch (error) {
    failing = fail(error);
    ticks = WHOLE - 1; // it may be that the world is gone
  }
  setTimeout(tick, TICK);
}

function pause() {
  paused = !paused;
  byId("pause").setAttribute("aria-pressed", String(paused));
  tell(paused ? "The page stands still." : "The page follows.");
}

async function takeToken() {
  useToken(byId("token").value);
  byId("token").value = "";
  byId("world").focus();
  byId("token-form").hidden = true;
  return "The token is kept until the page is left.";
}

async function clearLog() {
  await askWorld("DELETE", "/requests");
  return "The log is empty.";
}

async function chooseWorld() {
  state.world = byId("world").value;
  return `The world ${state.world} is chosen.`;
}

async function chooseActor() {
  state.actor = byId("actor").value;
}

const FORMS = {
  "token-form": takeToken,
  "world-form": makeWorld,
  "snapshot-form": takeSnapshot,
  "fault-form": addScript,
  "advance-form": turnClock,
  "set-form": setClock,
};
const BUTTONS = {
  reset: resetWorld,
  drop: dropWorld,
  freeze: freezeOrRun,
  "faults-clear": clearScripts,
  "log-clear": clearLog,
};
const CHOICES = { world: chooseWorld, actor: chooseActor, strict: setStrict };

function wire() {
  for (const [id, work] of Object.entries(FORMS)) onSubmit(id, () => act(work));
  for (const [id, work] of Object.entries(BUTTONS)) on(id, "click", () => act(work));
  for (const [id, work] of Object.entries(CHOICES)) on(id, "change", () => act(work));
  on("pause", "click", pause);
  wireLog(() => act(async () => ""));
  wireSnapshots(act);
  wireTree();
}

wire();
act(async () => "");
setTimeout(tick, TICK);
