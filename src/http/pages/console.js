// Improves pages that work without it: dialogs, copying, searching while typing, live lists, times
// in the reader's zone. Everything is found by data attributes; no page has a script of its own.

const parse = (text) => new DOMParser().parseFromString(text, "text/html");

// Times are sent in UTC; the reader sees their own zone, with UTC on hover.
const zoned = (root) => {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.valueOf())) continue;
    time.title = time.dateTime;
    time.textContent = at.toLocaleString(undefined, time.dataset.only === "date"
      ? { dateStyle: "medium" }
      : { dateStyle: "medium", timeStyle: "short" });
  }
};

// A link to a page that asks for confirmation opens that page's form in a dialog.
const openDialog = async (link) => {
  const answer = await fetch(link.href, { headers: { accept: "text/html" } });
  const content = answer.ok ? parse(await answer.text()).querySelector("[data-confirmation]") : null;
  if (!content) {
    location.assign(link.href);
    return;
  }
  const dialog = document.createElement("dialog");
  dialog.append(document.importNode(content, true));
  dialog.setAttribute("aria-label", link.textContent.trim());
  document.body.append(dialog);
  dialog.addEventListener("close", () => { dialog.remove(); link.focus(); });
  zoned(dialog);
  dialog.showModal();
};

const copy = async (button) => {
  const field = document.getElementById(button.dataset.copies);
  await navigator.clipboard.writeText(field.value ?? field.textContent);
  const label = button.textContent;
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = label; }, 1500);
};

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-dialog], [data-copies], [data-closes]");
  if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const dialog = target.closest("dialog");
  if (target.matches("[data-copies]")) {
    copy(target);
  } else if (target.matches("[data-closes]") && dialog) {
    event.preventDefault();
    dialog.close();
  } else if (target.matches("[data-dialog]")) {
    event.preventDefault();
    openDialog(target);
  }
});

// A form is sent once, and leaving a form that was changed asks first.
let changed = false;
document.addEventListener("input", (event) => {
  const form = event.target.closest("form");
  if (form?.method === "post") changed = true;
  const tick = event.target.closest("[data-enables]");
  if (tick) document.getElementById(tick.dataset.enables).disabled = !tick.checked;
});
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return;
  if (event.target.dataset.sent) {
    event.preventDefault();
    return;
  }
  event.target.dataset.sent = "yes";
  event.target.setAttribute("aria-busy", "true");
  changed = false;
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault();
});

// A list is replaced by the same list of another address: while the reader types, for "Load more",
// and every few seconds where it is live. A page can have several; each is found by its name. Rows
// that are ticked stay.
let running = 0;
const replaceLists = async (lists, address, keep) => {
  const run = ++running;
  const answer = await fetch(address, { headers: { accept: "text/html" } });
  if (!answer.ok || run !== running) return;
  const all = [...parse(await answer.text()).querySelectorAll("[data-list]")];
  for (const list of lists) {
    const fresh = all.find((one) => one.dataset.list === list.dataset.list);
    if (!fresh) continue;
    const adopted = document.importNode(fresh, true);
    let rows = [...list.querySelectorAll("tbody > tr")];
    if (!keep) {
      rows = rows.filter((row) => row.querySelector("input[form]:checked"));
      for (const row of rows) {
        const value = CSS.escape(row.querySelector("input[form]").value);
        adopted.querySelector(`input[form][value="${value}"]`)?.closest("tr").remove();
      }
    }
    adopted.querySelector("tbody")?.prepend(...rows);
    const count = adopted.querySelector("[data-count]");
    if (count) count.textContent = `${adopted.querySelectorAll("tbody > tr").length} shown`;
    list.replaceWith(adopted);
    zoned(adopted);
  }
  choosing();
};
const lists = () => [...document.querySelectorAll("[data-list]")];
let waiting;
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-searches]");
  if (!form) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const address = new URL(form.action || location.href);
    address.search = new URLSearchParams(new FormData(form)).toString();
    history.replaceState(null, "", address);
    const after = (list) => form.compareDocumentPosition(list) & Node.DOCUMENT_POSITION_FOLLOWING;
    replaceLists(lists().filter(after), address, false);
  }, 250);
});
document.addEventListener("click", (event) => {
  const more = event.target.closest("a[data-more]");
  if (!more) return;
  event.preventDefault();
  replaceLists([more.closest("[data-list]")], more.href, true);
});
const live = document.querySelector("[data-live]");
if (live) {
  setInterval(() => {
    if (document.visibilityState === "visible" && !document.querySelector("dialog[open]")) {
      replaceLists(lists(), location.href, false);
    }
  }, 1000 * Number(live.dataset.live));
}

// Rows are chosen by ticks that belong to a form: its button says how many, and one tick in the
// heading sets all that are shown.
const ticksOf = (id) => [...document.querySelectorAll(`tbody input[form="${CSS.escape(id)}"]`)];
const choosing = () => {
  for (const form of document.querySelectorAll("form[data-chooses]")) {
    const ticks = ticksOf(form.id);
    const number = ticks.filter((tick) => tick.checked).length;
    const button = form.querySelector("[data-label]");
    button.textContent = number ? `${button.dataset.label} (${number})` : button.dataset.label;
    button.disabled = number === 0;
    for (const all of document.querySelectorAll(`[data-ticks="${CSS.escape(form.id)}"]`)) {
      all.hidden = ticks.length === 0;
      all.checked = number > 0 && number === ticks.length;
      all.indeterminate = number > 0 && number < ticks.length;
    }
  }
};
document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-ticks]");
  if (all) for (const tick of ticksOf(all.dataset.ticks)) tick.checked = all.checked;
  choosing();
});

choosing();
addEventListener("pageshow", choosing);
zoned(document);
