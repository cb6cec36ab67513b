// Fault scripts: what goes wrong with the next requests.

import { askWorld, lookAt, oneAtATime, state } from "./controls.js";
import { byId, element, isNew } from "./dom.js";

/** Lists the scripts, each with what is left of it. */
export const refreshFaults = oneAtATime(async () => {
  const scripts = await lookAt("/faults");
  if (!scripts || !isNew("faults", [state.world, scripts])) return;
  byId("faults").replaceChildren(...scripts.map(scriptLine));
});

function scriptLine(script) {
  const steps = script.steps.map((one) => JSON.stringify(one)).join(", ");
  const left = script.left.map((one) => JSON.stringify(one)).join(", ");
  const rest = left ? `left: ${left}` : "used up";
  const code = element("code", {}, `${script.operation}: ${steps}`);
  return element("li", {}, code, ` ${rest}`);
}

/** Makes a script as the form says. */
export async function addScript() {
  const operation = byId("fault-operation").value;
  const steps = stepsOf(byId("fault-steps").value);
  await askWorld("POST", "/faults", { operation, steps });
  byId("fault-steps").value = "";
  return `The script for ${operation} is made.`;
}

/** Forgets all scripts. */
export async function clearScripts() {
  await askWorld("DELETE", "/faults");
  return "There are no scripts any more.";
}

/** The steps that a text means, parted by commas: JSON where a part is, else a word. */
export function stepsOf(text) {
  return partsOf(text).flatMap(step);
}

function step(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The parts of a text between its commas; those within brackets part nothing. */
function partsOf(text) {
  const parts = [""];
  let depth = 0;
  for (const sign of text) {
    if ("{[".includes(sign)) depth += 1;
    if ("}]".includes(sign)) depth -= 1;
    if (sign === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += sign;
  }
  return parts.map((part) => part.trim());
}

/** The choices of the form: any operation, or one. */
export function faultChoices(contract) {
  const rows = contract.operations.map((one) =>
    [one.id, `${one.id} (${one.method} ${one.path})`]);
  return [["*", "any (*)"], ...rows];
}
