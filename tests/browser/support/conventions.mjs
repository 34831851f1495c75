// What every page of the console has, beyond what axe-core asks for.

/** What is wrong with the page that is shown. */
export async function conventions(page) {
  return page.evaluate(() => {
    const faults = [];
    const all = (selector) => [...document.querySelectorAll(selector)];
    const shown = (element) => element.outerHTML.slice(0, 160);
    const hold = (holds, what) => holds || faults.push(what);

    hold(document.documentElement.lang === "en", "the page does not say that it is in English");
    hold(/^.+ · Grantor$/.test(document.title), `the title is "${document.title}"`);
    hold(all("h1").length === 1, `${all("h1").length} headings of the first level`);
    hold(all("main").length === 1, `${all("main").length} main landmarks`);

    const links = all("nav[aria-label=Main] a[href]");
    if (links.length > 0) {
      hold(all("a[href='#main']").length > 0 && document.getElementById("main"), "no link skips to #main");
      hold(all("header").length > 0 && all("footer").length > 0, "header or footer is missing");
      const current = links.filter((link) => link.getAttribute("aria-current") === "page");
      hold(current.length <= 1, `${current.length} links of the navigation are the current page`);
    }

    const ids = all("[id]").map(({ id }) => id);
    const twice = ids.filter((id, index) => ids.indexOf(id) !== index);
    hold(twice.length === 0, `ids used twice: ${twice}`);

    for (const element of all("*")) {
      const handler = [...element.attributes].find(({ name }) => name.startsWith("on") || name === "style");
      hold(!handler, `attribute ${handler?.name}: ${shown(element)}`);
    }
    for (const script of all("script")) {
      const isData = script.type !== "" && !/^(module|text\/javascript)$/.test(script.type);
      hold(script.src || isData, `inline script: ${shown(script)}`);
    }
    for (const style of all("style")) hold(false, `inline style: ${shown(style)}`);

    for (const form of all("form")) {
      // The properties of a form can be hidden by fields of the same names.
      const method = form.getAttribute("method")?.toLowerCase() ?? "get";
      const csrf = form.querySelector("input[type=hidden][name=csrf]");
      if (method === "post") {
        hold(csrf?.value, `form without csrf: ${shown(form)}`);
      } else {
        hold(!csrf, `csrf would get into the URL: ${shown(form)}`);
        hold(!form.querySelector("input[type=password]"), `a password would get into the URL: ${shown(form)}`);
      }
    }
    for (const field of all("[aria-invalid=true]")) {
      const described = (field.getAttribute("aria-describedby") ?? "").split(/\s+/);
      const error = described.map((id) => document.getElementById(id)).find((one) => one?.id.endsWith("-error"));
      hold(error?.textContent.trim(), `an invalid field does not say why: ${shown(field)}`);
    }
    for (const table of all("table")) {
      hold(table.caption?.textContent.trim(), `table without caption: ${shown(table)}`);
    }
    for (const head of all("th")) hold(head.scope, `th without scope: ${shown(head)}`);

    const { scrollWidth, clientWidth } = document.documentElement;
    hold(scrollWidth <= clientWidth, `the page is ${scrollWidth} wide in a window of ${clientWidth}`);
    return faults;
  });
}
