// Improves pages that work without it: dialogs, copying, searching while typing, live lists, times
// in the reader's zone. Everything is found by data attributes; no page has a script of its own.

const parse = (text) => new DOMParser().parseFromString(text, "text/html");

// Times are sent in UTC; the reader sees their own zone, with UTC on hover.
const zoned = (root) => {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.valueOf())) continue;
    time.title = time.dateTime;
    time.textContent = at.toLocaleString(undefined, {
      // A day by itself is one of UTC, wherever the reader is.
      day: { dateStyle: "medium", timeZone: "UTC" },
      date: { dateStyle: "medium" },
    }[time.dataset.only] ?? { dateStyle: "medium", timeStyle: "short" });
  }
};

// A tick enables a button; without scripts the browser asks for the tick instead.
const conditions = (root) => {
  for (const tick of root.querySelectorAll("[data-enables]")) {
    document.getElementById(tick.dataset.enables).disabled = !tick.checked;
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
  conditions(dialog);
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

// What waits for a tick: a button, and leaving a page with a secret that is not stored yet.
const untouched = () => [...document.querySelectorAll("[data-enables]")].filter((tick) => !tick.checked);
for (const tick of untouched()) document.getElementById(tick.dataset.enables).disabled = true;
addEventListener("pagehide", () => {
  for (const secret of document.querySelectorAll("[data-secret]")) {
    if (secret.matches("input")) secret.value = "";
    else secret.removeAttribute("href");
  }
});

// A button that is of use only after some seconds.
for (const button of document.querySelectorAll("button[data-after]")) {
  button.disabled = true;
  setTimeout(() => { button.disabled = false; }, 1000 * Number(button.dataset.after));
}

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
// Before a form is sent the session is looked at: if it is over, a dialog leads to the page to sign in,
// in another tab, and what was typed stays. Without an answer the form is sent all the same.
const framed = document.querySelector("main[data-sign-in]")?.dataset;
const signIn = framed?.signIn;
const askToSignIn = () => {
  const dialog = document.createElement("dialog");
  const text = document.createElement("p");
  text.textContent = "Your session is over. Sign in again in another tab, then send the form again: \
what you typed is still here.";
  const link = document.createElement("a");
  Object.assign(link, { href: signIn, target: "_blank", className: "button main", textContent: "Sign in again" });
  const close = document.createElement("button");
  Object.assign(close, { type: "button", textContent: "Back to the form" });
  close.dataset.closes = "";
  const actions = document.createElement("div");
  actions.className = "actions";
  actions.append(link, close);
  dialog.className = "stack";
  dialog.setAttribute("aria-label", "Your session is over");
  dialog.append(text, actions);
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
};
if (signIn) {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.method !== "post" || form.dataset.looked || !form.querySelector("input:not([type=hidden]), textarea, select")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    const answer = await fetch(framed.session).catch(() => null);
    const isLedToSignIn = answer?.redirected && answer.url.startsWith(new URL(signIn, location.href).href);
    if (answer?.status === 401 || isLedToSignIn) {
      askToSignIn();
      return;
    }
    form.dataset.looked = "yes";
    form.requestSubmit(submitter);
    delete form.dataset.looked;
  }, { capture: true });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
addEventListener("beforeunload", (event) => {
  const isShown = document.querySelector("[data-secret]") !== null;
  if (changed || (isShown && untouched().length > 0)) event.preventDefault();
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
    sending(adopted);
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

// A list that opens sends its form as soon as something is chosen; its button is for those without
// scripts.
const sending = (root) => {
  for (const select of root.querySelectorAll("select[data-sends]")) {
    const button = select.form.querySelector("button");
    if (button) button.hidden = true;
  }
};
document.addEventListener("change", (event) => {
  if (event.target.matches("select[data-sends]")) event.target.form.requestSubmit();
});

// A field that takes several addresses shows each as a chip, with what is wrong, and counts them.
const ADDRESS = /^[^\s@,;<>"()]+@[^\s@.,;<>"()]+(\.[^\s@.,;<>"()]+)+$/;
const parts = (text) => [...new Set(text.split(/[\s,;]+/).filter(Boolean))];
const chips = (field) => {
  const told = document.createElement("output");
  const list = document.createElement("ul");
  told.className = "hint";
  list.className = "chips";
  const show = () => {
    const all = parts(field.value);
    const wrong = all.filter((part) => !ADDRESS.test(part));
    const count = all.length === 1 ? "1 address" : `${all.length} addresses`;
    told.textContent = all.length === 0 ? ""
      : wrong.length === 0 ? `${count}.` : `${count}, of which ${wrong.length} cannot be one.`;
    list.replaceChildren(...all.map((part) => {
      const chip = document.createElement("li");
      const remove = document.createElement("button");
      chip.className = wrong.includes(part) ? "badge bad" : "badge";
      remove.type = "button";
      remove.textContent = "×";
      remove.setAttribute("aria-label", `Remove ${part}`);
      remove.addEventListener("click", () => {
        field.value = parts(field.value).filter((one) => one !== part).join("\n");
        show();
        field.focus();
      });
      chip.append(part, remove);
      return chip;
    }));
  };
  field.addEventListener("input", show);
  field.after(told, list);
  show();
};

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
conditions(document);
sending(document);
for (const field of document.querySelectorAll("textarea[data-several]")) chips(field);
