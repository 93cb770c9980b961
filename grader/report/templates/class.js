"use strict";
const table = document.querySelector(".students");
const body = table.tBodies[0];
const rows = [...body.rows];
const marks = ["done", "open", "trouble", "idle"];
const filters = document.querySelector(".filters");
const [find, outcome, hint] = ["find", "outcome", "hint"].map((id) => document.getElementById(id));

// A number, the place of a mark, or a name: what a column is sorted by.
function key(row, column) {
  const cell = row.cells[column];
  if (cell.tagName === "TH") return cell.textContent;
  const mark = marks.indexOf(cell.className);
  return mark < 0 ? -parseFloat(cell.textContent) : mark;
}

function sort(header, column) {
  const direction = header.getAttribute("aria-sort") === "ascending" ? -1 : 1;
  for (const other of header.parentNode.cells) other.removeAttribute("aria-sort");
  header.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
  const compare = new Intl.Collator(undefined, { numeric: true }).compare;
  const keyed = rows.map((row) => [key(row, column), row]);
  keyed.sort(([a], [b]) => direction * (typeof a === "string" ? compare(a, b) : a - b || 0));
  body.append(...keyed.map(([, row]) => row));
}

function filter() {
  const words = find.value.toLowerCase().split(/\s+/);
  let shown = 0;
  for (const row of rows) {
    const name = row.cells[0].textContent.toLowerCase();
    const cells = [...row.cells].map((cell) => cell.textContent);
    const hints = (row.dataset.hints || "").split(" ");
    row.hidden = !(words.every((word) => name.includes(word))
      && (!outcome.value || cells.slice(2).includes(outcome.value))
      && (!hint.value || hints.includes(hint.value)));
    if (!row.hidden) shown += 1;
  }
  document.getElementById("shown").textContent = `${shown} of ${rows.length} shown`;
}

[...table.tHead.rows[0].cells].forEach((header, column) => {
  const button = document.createElement("button");
  button.type = "button";
  button.append(...header.childNodes);
  button.addEventListener("click", () => sort(header, column));
  header.append(button);
});
filters.hidden = false;
for (const kind of ["input", "change"]) filters.addEventListener(kind, filter);
filters.addEventListener("submit", (event) => event.preventDefault());
filter();
