// What the console's pages gain with scripts. Nothing here is needed: every page works without it.
//
// COPY      [data-copy]              a "Copy" button is put right after the element.
//             data-copy="#id"        copies the text (or value) of that element, whether it is shown or not;
//             data-copy=""           copies the element's own text.
//             data-copy-label="…"    what the button says; without it "Copy".
//
// COUNTDOWN time[data-countdown][datetime]   its text follows the clock: "in 59 min 12 s".
//             data-countdown="ended"         what it says when the time has come; without a value "now".
//           <html data-now="2026-11-28T11:00:00Z">, the server's time when it wrote the page, corrects for a
//           clock that is wrong here. It may be missing.
//
// PREVIEW   form[data-preview="id"]  the id of a <code> that holds, from the server, the whole request: request
//           line, headers, an empty line, body. With every change of the form its body is written again; of the
//           rest only two things change: the id in the request line, and the media type in `Accept` and `Content-Type`.
//             data-preview-curl="id" another <code>, with the same as a curl command whose body stands between the
//                                    lines  … <<'END'  and  END, and whose URL ends with /Client/{id}' or /User/{id}'.
//           The controls that count, in the order of the document, which is the order of the members:
//             data-member="a.b.c"    where the value goes in the body. Empty texts are left out, and so are members
//                                    nobody fills. Radio buttons count when checked.
//             data-as="int"          a whole number (anything else is shown as the text it is, as the server will refuse it).
//             data-as="bool"         a checkbox, or a select of "true" and "false".
//             data-as="list"         a text parted by white space and commas, or several checkboxes of one member.
//             data-omit="3600"       this value (as text) is left out, because it is the default.
//             data-preview-id        the control that holds the id. It is percent-encoded but for A-Z a-z 0-9 - . _ ~
//             data-preview-format    select or radio buttons with the values `json` and `yaml`.
//           JSON is indented by two. YAML is in blocks, lists at the column of their key; a text is plain when it is
//           /^[A-Za-z][\w.\/@+-]*$/ and not one of true false yes no on off null y n nan inf, otherwise it stands
//           in double quotes, escaped as in JSON. The server writes both in the same way.
//
// NO SCRIPT [data-no-js]             is hidden, because the script does what it is for.
"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const byId = (id) => (id ? document.getElementById(id) : null);

  for (const element of all("[data-no-js]")) element.hidden = true;

  // Copy

  const spoken = document.createElement("p");
  spoken.className = "sr-only";
  spoken.setAttribute("role", "status");
  document.body.append(spoken);

  async function copy(text) {
    if (navigator.clipboard && window.isSecureContext) {
      await navigator.clipboard.writeText(text);
      return;
    }
    const area = document.createElement("textarea");
    area.className = "sr-only";
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (!done) throw new Error("not copied");
  }

  for (const element of all("[data-copy]")) {
    const { copy: selector, copyLabel = "Copy" } = element.dataset;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = copyLabel;
    const what = selector ? element.textContent.trim() : "";
    if (what) button.setAttribute("aria-label", `${copyLabel}: ${what}`);
    let timer;
    const say = (text, state) => {
      button.textContent = text;
      button.dataset.state = state;
      spoken.textContent = state ? text : "";
      clearTimeout(timer);
      if (state) timer = setTimeout(say, 1600, copyLabel, "");
    };
    button.addEventListener("click", () => {
      const source = selector ? document.querySelector(selector) : element;
      if (!source) return;
      copy(source.value ?? source.textContent).then(
        () => { button.focus(); say("Copied", "done"); },
        () => say("Not copied", "failed"),
      );
    });
    element.after(button);
  }

  // Countdown

  const served = Date.parse(document.documentElement.dataset.now ?? "");
  const ahead = Number.isNaN(served) ? 0 : served - Date.now();

  function remaining(seconds) {
    const [d, h, m, s] = [seconds / 86400, (seconds / 3600) % 24, (seconds / 60) % 60, seconds % 60].map(Math.floor);
    if (d > 0) return `in ${d} d ${h} h`;
    if (h > 0) return `in ${h} h ${m} min`;
    if (m > 0) return `in ${m} min ${s} s`;
    return `in ${s} s`;
  }

  const clocks = all("time[data-countdown][datetime]")
    .map((element) => ({ element, at: Date.parse(element.dateTime) }))
    .filter(({ at }) => !Number.isNaN(at));

  function tick() {
    if (document.hidden) return;
    const now = Date.now() + ahead;
    for (const { element, at } of clocks) {
      const seconds = Math.ceil((at - now) / 1000);
      const text = seconds > 0 ? remaining(seconds) : element.dataset.countdown || "now";
      if (element.textContent !== text) element.textContent = text;
    }
  }
  if (clocks.length > 0) {
    tick();
    setInterval(tick, 1000);
    document.addEventListener("visibilitychange", tick);
  }

  // Preview

  function put(body, path, value, isList) {
    const names = path.split(".");
    const last = names.pop();
    let at = body;
    for (const name of names) {
      if (!at.has(name)) at.set(name, new Map());
      at = at.get(name);
    }
    if (isList) at.set(last, [...(at.get(last) ?? []), ...value]);
    else at.set(last, value);
  }

  function members(form) {
    const body = new Map();
    for (const control of all("[data-member]", form)) {
      const { member, as = "text", omit } = control.dataset;
      if (control.disabled || (control.type === "radio" && !control.checked)) continue;
      const isBox = control.type === "checkbox";
      let value = control.value;
      if (as === "bool" && isBox) value = String(control.checked);
      else if (isBox && !control.checked) continue;
      if (value === "" || value === omit) continue;
      if (as === "list") {
        const words = isBox ? [value] : value.split(/[\s,]+/).filter(Boolean);
        if (words.length > 0) put(body, member, words, true);
      } else if (as === "int" && /^\d{1,15}$/.test(value)) put(body, member, Number(value));
      else if (as === "bool") put(body, member, value === "true");
      else put(body, member, value);
    }
    return body;
  }

  const plain = (value) => value instanceof Map
    ? Object.fromEntries([...value].map(([name, inner]) => [name, plain(inner)]))
    : value;

  function scalar(value) {
    if (typeof value !== "string") return String(value);
    const isWord = /^[A-Za-z][\w.\/@+-]*$/.test(value);
    const isOther = /^(true|false|yes|no|on|off|null|y|n|nan|inf)$/i.test(value);
    return isWord && !isOther ? value : JSON.stringify(value);
  }

  function yaml(map, indent = "") {
    return [...map].map(([name, value]) => {
      if (value instanceof Map) return `${indent}${name}:\n${yaml(value, `${indent}  `)}`;
      if (Array.isArray(value)) return `${indent}${name}:\n${value.map((item) => `${indent}- ${scalar(item)}`).join("\n")}`;
      return `${indent}${name}: ${scalar(value)}`;
    }).join("\n");
  }

  const encoded = (id) => encodeURIComponent(id)
    .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

  for (const form of all("form[data-preview]")) {
    const code = byId(form.dataset.preview);
    const curl = byId(form.dataset.previewCurl);
    const update = () => {
      const id = encoded(form.querySelector("[data-preview-id]")?.value.trim() ?? "");
      const chosen = form.querySelector("select[data-preview-format], [data-preview-format]:checked");
      const isYaml = chosen?.value === "yaml";
      const body = members(form);
      const text = isYaml ? (body.size ? yaml(body) : "{}") : JSON.stringify(plain(body), null, 2);
      const type = isYaml ? "text/yaml" : "application/json";
      if (code) {
        const head = code.textContent.split("\n\n", 1)[0]
          .replace(/^(\S+ \S*\/)[^\/\s]*/, (_, before) => before + id)
          .replace(/^(Accept|Content-Type):.*$/gim, (_, name) => `${name}: ${type}`);
        code.textContent = `${head}\n\n${text}`;
      }
      if (curl) {
        curl.textContent = curl.textContent
          .replace(/(\/(?:Client|User)\/)[^'\s]*'/, (_, before) => `${before}${id}'`)
          .replace(/(Accept|Content-Type): [\w\/+-]+/gi, (_, name) => `${name}: ${type}`)
          .replace(/<<'END'\n[^]*\nEND/, () => `<<'END'\n${text}\nEND`);
      }
    };
    form.addEventListener("input", update);
    form.addEventListener("change", update);
    update();
  }
})();
