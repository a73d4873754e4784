// Makes pages quicker where scripts run; every page works without it. A form or link marked data-swap="#region" fetches the same
// page and replaces one region; then focus goes to what the answer marks with data-focus, and one status line says the outcome.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const words = document.documentElement.dataset;
  let asking = null;

  const say = (text) => {
    const line = $("#status");
    if (line && text) line.textContent = text;
  };

  // Where focus was, as something that can be found again after the region was replaced.
  const remember = () => {
    const held = document.activeElement;
    return held && held.id ? `#${CSS.escape(held.id)}` : null;
  };

  const settle = (held, asked) => {
    const kept = asked === "keep" && held && $(held);
    const goal = kept || $('[aria-invalid="true"]') || $("[data-focus]") || (held && $(held));
    if (!goal) return;
    if (!goal.matches("a[href],button,input,select,textarea,summary,[tabindex]")) goal.tabIndex = -1;
    goal.focus();
  };

  const swap = async (url, options, mark, push) => {
    const selector = mark.dataset.swap;
    const region = $(selector);
    const held = remember();
    if (asking) asking.abort();
    const mine = (asking = new AbortController());
    region.setAttribute("aria-busy", "true");
    say(words.busy);
    try {
      const answer = await fetch(url, { ...options, signal: mine.signal, headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = $(selector, page);
      if (!fresh || answer.redirected && new URL(answer.url).pathname !== location.pathname) {
        if (fresh && !options.body) return location.assign(answer.url);
        return fresh ? location.assign(answer.url) : document.documentElement.replaceWith(document.adoptNode(page.documentElement));
      }
      region.replaceWith(fresh);
      document.title = page.title;
      if (push) history.pushState({ swap: selector }, "", answer.url + (url.hash || ""));
      settle(held, mark.dataset.then);
      const said = $("[data-said]");
      say(said ? said.dataset.said : page.title);
      prepare(fresh);
    } catch (error) {
      if (error.name === "AbortError") return;
      region.removeAttribute("aria-busy");
      say(words.failed);
    } finally {
      if (asking === mine) asking = null;
    }
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) return event.preventDefault(); // a second press of the same button
    if (!form.dataset.swap || !$(form.dataset.swap) || form.enctype === "multipart/form-data") {
      if (form.method === "post") form.dataset.sent = "yes";
      return;
    }
    event.preventDefault();
    const by = event.submitter;
    const url = new URL((by && by.getAttribute("formaction")) || form.action, location.href);
    const data = new FormData(form, by);
    if (form.method === "post") return swap(url, { method: "POST", body: new URLSearchParams(data) }, form, false);
    const query = new URLSearchParams([...data].filter(([, value]) => value !== ""));
    url.search = query.toString();
    swap(url, {}, form, true);
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-swap]");
    if (link && $(link.dataset.swap) && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      return swap(new URL(link.href), {}, link, true);
    }
    const button = event.target.closest("button[data-print],button[data-copy]");
    if (!button) return;
    if (button.dataset.print !== undefined) return window.print();
    navigator.clipboard.writeText($(button.dataset.copy).textContent.trim()).then(() => say(words.copied), () => say(words.failed));
  });

  addEventListener("popstate", () => location.reload());
  addEventListener("pageshow", () => $$("form[data-sent]").forEach((form) => delete form.dataset.sent));

  // Progress of a long piece of work, as the server sends it.
  const follow = (place) => {
    const source = new EventSource(place.dataset.events);
    source.addEventListener("progress", (event) => {
      const { done, total, text } = JSON.parse(event.data);
      const bar = $("progress", place);
      if (bar) Object.assign(bar, { max: total || 1, value: done });
      const line = $("[data-text]", place);
      if (line) line.textContent = text;
    });
    source.addEventListener("end", () => { source.close(); location.reload(); });
  };

  // One-letter shortcuts, only where a person switched them on, and never while typing.
  document.addEventListener("keydown", (event) => {
    const on = $("[data-shortcuts='on']");
    if (!on || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input,select,textarea,[contenteditable]")) return;
    const goal = $(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!goal) return;
    event.preventDefault();
    goal.matches("a,button") ? goal.click() : goal.focus();
  });

  function prepare(root) {
    $$("[hidden][data-script]", root).forEach((part) => { part.hidden = false; });
    $$("[data-events]", root).forEach(follow);
    $$("[data-autosubmit]", root).forEach((field) => field.addEventListener("change", () => field.form.requestSubmit()));
  }
  prepare(document);
})();
