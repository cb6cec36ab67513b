// The log of requests, which grows while one looks at it.

import { lookAt, oneAtATime, state } from "./controls.js";
import { byId, element, keepFocus, on } from "./dom.js";

const MOST = 200;
const UNMATCHED = "-";
let newest = null; // the latest request that is shown
let filter = "";

/** Shows what has been asked since; gives whether that is anything. */
export const refreshLog = oneAtATime(async () => {
  const asked = JSON.stringify([state.world, query()]);
  const known = asked === filter ? newest : null;
  const since = known ? known.number - 1 : 0;
  const rows = await lookAt("/requests", { ...query(), since });
  if (!rows || asked !== JSON.stringify([state.world, query()])) return false;
  // Where the newest is not there any more, the log is another one.
  const goesOn = known && rows.length && isSame(rows[0], known);
  const added = goesOn ? rows.slice(1) : rows;
  const changed = added.length > 0 || Boolean(newest && !goesOn);
  filter = asked;
  newest = rows.at(-1) ?? null;
  keepFocus(byId("log"), () => show(added, goesOn), byId("log-operation"));
  return changed;
});

/** Has the filters count. */
export function wireLog(refresh) {
  on("log-operation", "change", refresh);
  on("log-violations", "change", refresh);
}

function isSame(one, other) {
  return one.number === other.number && one.at === other.at;
}

function query() {
  const operation = byId("log-operation").value;
  const found = { limit: MOST };
  if (operation === UNMATCHED) found.unmatched = true;
  else if (operation) found.operation = operation;
  if (byId("log-violations").checked) found.violations = true;
  return found;
}

function show(rows, goesOn) {
  const log = byId("log");
  if (!goesOn) log.replaceChildren();
  log.prepend(...rows.map(entry).reverse());
  while (log.children.length > MOST) log.lastElementChild.remove();
  byId("log-empty").hidden = log.children.length > 0;
}

function entry(row) {
  const address = row.query ? `${row.path}?${row.query}` : row.path;
  const summary = element("summary", {},
    element("span", { class: "at" }, `${row.number} ${row.at.slice(11, 23)} `),
    element("span", { class: row.status < 400 ? "good" : "bad" }, `${row.status} `),
    element("code", {}, `${row.method} ${address}`),
    ` ${row.operation ?? "no operation"}, by ${row.actor ?? "nobody known"}`,
    row.fault ? `, fault ${JSON.stringify(row.fault)}` : "",
    ...row.violations.map(violation),
  );
  return element("li", {}, element("details", {}, summary, details(row)));
}

function violation(one) {
  const name = one.name ? `: ${one.name}` : "";
  const clause = one.clause ? `${one.clause} ` : "";
  return element("div", { class: "bad" }, `${clause}${one.kind}${name}`);
}

function details(row) {
  const { headers, parameters, size, error } = row;
  const clauses = row.violations.filter((one) => one.clause).map((one) =>
    element("p", {}, `${one.clause}: ${state.contract.clauses[one.clause] ?? ""}`));
  const told = { parameters, headers, size, ...(error ? { error } : {}) };
  const text = JSON.stringify(told, null, 2);
  return element("div", {}, ...clauses, element("pre", { tabindex: "0" }, text));
}

/** The choices of the filter: all, one operation, none at all. */
export function operationChoices(contract) {
  const rows = contract.operations.map((one) => [one.id, one.id]);
  return [["", "any"], [UNMATCHED, "none that there is"], ...rows];
}
