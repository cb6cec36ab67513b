// The clock of the chosen world.

import { askWorld, lookAt, oneAtATime } from "./controls.js";
import { byId } from "./dom.js";

/** Shows the clock. */
export const refreshClock = oneAtATime(async () => {
  const clock = await lookAt("/clock");
  if (clock) show(clock);
});

function show(clock) {
  byId("now").textContent = clock.now;
  byId("runs").textContent = clock.frozen ? "stands still" : "runs";
  byId("freeze").textContent = clock.frozen ? "Let it run" : "Freeze";
  byId("freeze").dataset.frozen = String(clock.frozen);
}

/** Has the clock stand still where it runs, and run where it stands still. */
export async function freezeOrRun() {
  const frozen = byId("freeze").dataset.frozen !== "true";
  show(await askWorld("PUT", "/clock", { frozen }));
  return frozen ? "The clock stands still." : "The clock runs.";
}

/** Turns the clock by as many seconds as the form says. */
export async function turnClock() {
  const seconds = Number(byId("seconds").value);
  show(await askWorld("POST", "/clock/advance", { seconds }));
  return `The clock is turned by ${seconds} seconds.`;
}

/** Sets the clock; it goes on as it did. */
export async function setClock() {
  const now = byId("moment").value;
  const frozen = byId("freeze").dataset.frozen === "true";
  show(await askWorld("PUT", "/clock", { now, frozen }));
  return `The clock is set to ${now}.`;
}
