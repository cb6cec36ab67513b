// The chosen world, its people, its snapshots and its settings.

import { ask, askWorld, lookAt, oneAtATime, state } from "./controls.js";
import { button, byId, element, isNew, keepFocus, offer } from "./dom.js";
import { complain } from "./messages.js";

let doing = null; // does what a button says

/** Lists the worlds; one that is gone is left for the default one. */
export const refreshWorlds = oneAtATime(async () => {
  const { world } = state;
  const worlds = await ask("GET", "/worlds");
  if (world !== state.world) return;
  state.worlds = worlds;
  if (!current()) {
    complain(`The world ${state.world} is gone.`);
    state.world = "default";
  }
  if (!isNew("worlds", [state.world, state.worlds])) return;
  const names = state.worlds.map((one) => [one.name, one.name]);
  offer(byId("world"), names, state.world);
  showWorld(current());
});

function current() {
  return state.worlds.find((one) => one.name === state.world);
}

function showWorld(world) {
  byId("url").textContent = world.url;
  byId("seed").textContent = world.seed;
  allowDropping(world.name !== "default");
  const people = Object.entries(world.actors);
  const names = people.map(([name]) => name);
  if (!names.includes(state.actor)) state.actor = names[0] ?? "";
  offer(byId("actor"), names.map((name) => [name, name]), state.actor);
  showPeople(people);
}

/** Has the world be one to drop, or not; a focus there goes on to the choice. */
function allowDropping(allowed) {
  const drop = byId("drop");
  if (!allowed && document.activeElement === drop) byId("world").focus();
  drop.disabled = !allowed;
}

function showPeople(people) {
  const facts = [...new Set(people.flatMap(([, row]) => Object.keys(row)))];
  const head = ["name", ...facts].map((name) => element("th", { scope: "col" }, name));
  const rows = people.map(([name, row]) => element("tr", {},
    element("th", { scope: "row" }, name),
    ...facts.map((fact) => element("td", {}, row[fact] ?? "")),
  ));
  byId("people").replaceChildren(
    element("thead", {}, element("tr", {}, ...head)),
    element("tbody", {}, ...rows),
  );
}

/** Makes a world as its form says, and chooses it. */
export async function makeWorld() {
  const name = byId("world-name").value;
  const seed = byId("world-seed").value;
  const body = {};
  if (name) body.name = name;
  if (seed) body.seed = Number(seed);
  if (byId("world-fork").checked) body.from = state.world;
  const made = await ask("POST", "/worlds", {}, body);
  state.world = made.name;
  byId("world-form").reset();
  return `The world ${made.name} is made.`;
}

/** Drops the chosen world. */
export async function dropWorld() {
  const name = state.world;
  await ask("DELETE", `/worlds/${encodeURIComponent(name)}`);
  state.world = "default";
  return `The world ${name} is dropped.`;
}

/** Has the chosen world be as it was made. */
export async function resetWorld() {
  await askWorld("POST", "/reset");
  return `The world ${state.world} is as it was made.`;
}

/** Shows the settings. */
export const refreshSettings = oneAtATime(async () => {
  const settings = await lookAt("/settings");
  if (settings) byId("strict").checked = settings.strict;
});

/** Has the world refuse, or take, what the contract does not have. */
export async function setStrict() {
  const strict = byId("strict").checked;
  await askWorld("PATCH", "/settings", { strict });
  const does = strict ? "refused" : "let through";
  return `What the contract does not have is ${does}.`;
}

/** Has `act` do what the buttons of snapshots say. */
export function wireSnapshots(act) {
  doing = act;
}

/** Lists the snapshots. */
export const refreshSnapshots = oneAtATime(async () => {
  const snapshots = await lookAt("/snapshots");
  if (!snapshots || !isNew("snapshots", [state.world, snapshots])) return;
  const list = byId("snapshots");
  const show = () => list.replaceChildren(...snapshots.map(snapshotLine));
  keepFocus(list, show, byId("snapshot-name"));
});

function snapshotLine({ name }) {
  const path = `/snapshots/${encodeURIComponent(name)}`;
  const restore = () => doing(async () => {
    await askWorld("POST", `${path}/restore`);
    return `The world is as it was at ${name}.`;
  });
  const drop = () => doing(async () => {
    await askWorld("DELETE", path);
    return `The snapshot ${name} is dropped.`;
  });
  return element("li", { class: "bar" },
    element("span", { class: "title" }, name),
    button("Restore", `Restore ${name}`, restore),
    button("Drop", `Drop ${name}`, drop),
  );
}

/** Takes a snapshot. */
export async function takeSnapshot() {
  const name = byId("snapshot-name").value;
  const taken = await askWorld("POST", "/snapshots", name ? { name } : {});
  byId("snapshot-form").reset();
  return `The snapshot ${taken.name} is taken.`;
}
