// Reads what a person with assistive technology would be told: roles and names by the rules of ARIA in HTML and of
// accessible name computation, within limits. Changes nothing in the page.
(limits) => {
  const ROLES = new Set(["link", "button", "tab", "menuitem", "menuitemcheckbox", "menuitemradio", "treeitem", "switch", "checkbox",
    "radio", "combobox", "listbox", "textbox", "searchbox", "spinbutton", "slider"]);
  const INPUTS = new Set(["switch", "checkbox", "radio", "combobox", "listbox", "textbox", "searchbox", "spinbutton", "slider"]);
  const BY_TYPE = {button: "button", submit: "button", reset: "button", image: "button", file: "button", color: "button", checkbox: "checkbox",
    radio: "radio", range: "slider", number: "spinbutton", search: "searchbox"};
  const CONTROLS = "button,input,select,textarea,script,style";
  const clean = (text, most = 300) => String(text || "").replace(/\s+/g, " ").trim().slice(0, most);
  const attribute = (node, name) => node.getAttribute(name) || "";
  const shown = (node) => node.checkVisibility({visibilityProperty: true, contentVisibilityAuto: false}) && !node.closest('[aria-hidden="true"]');
  const said = (node, most) => clean(node.innerText ?? node.textContent, most);

  const all = (root, selector, most, found = []) => {
    for (const node of root.querySelectorAll(selector)) {
      if (found.length >= most) { return found; }
      if (shown(node)) { found.push(node); }
    }
    return found;
  };

  // Open shadow trees are part of what a user sees. Looking at every node for one is the only way, so it is bounded.
  const roots = () => {
    const found = [document];
    for (let at = 0; at < found.length && found.length < 50; at += 1) {
      const nodes = found[at].querySelectorAll("*");
      for (let index = 0; index < nodes.length && index < limits.nodes; index += 1) {
        if (nodes[index].shadowRoot) { found.push(nodes[index].shadowRoot); }
      }
    }
    return found;
  };

  const textWithoutControls = (node) => {
    const parts = [];
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    while (walker.nextNode() && parts.length < 100) {
      const parent = walker.currentNode.parentElement;
      if (parent && !parent.closest(CONTROLS)) { parts.push(walker.currentNode.data); }
    }
    return clean(parts.join(" "));
  };

  const textOfIds = (node, name) => {
    const root = node.getRootNode();
    return clean(attribute(node, name).split(/\s+/).filter(Boolean).slice(0, 5).map((id) => root.getElementById?.(id)?.textContent || "").join(" "));
  };

  const content = (node) => {
    const text = said(node);
    const images = [...node.querySelectorAll("img[alt],[role=img][aria-label],svg title")].slice(0, 5)
      .map((image) => attribute(image, "alt") || attribute(image, "aria-label") || (image.tagName === "title" ? image.textContent : ""));
    return clean(`${text} ${images.join(" ")}`);
  };

  const nameOf = (node, role) => {
    const authored = textOfIds(node, "aria-labelledby") || clean(attribute(node, "aria-label"));
    if (authored) { return authored; }
    if (node.labels?.length && node.tagName !== "BUTTON") {
      const labels = clean([...node.labels].slice(0, 5).map(textWithoutControls).join(" "));
      if (labels) { return labels; }
    }
    if (node.tagName === "INPUT" && role === "button") {
      const fallback = {submit: "Submit", reset: "Reset", image: attribute(node, "alt"), file: "Choose File"}[node.type];
      return clean(node.value && node.type !== "file" ? node.value : fallback || attribute(node, "title"));
    }
    if (INPUTS.has(role) && role !== "switch" && !(attribute(node, "role") && ["checkbox", "radio"].includes(role))) {
      return clean(attribute(node, "title") || attribute(node, "placeholder"));
    }
    return content(node) || clean(attribute(node, "title"));
  };

  const roleOf = (node) => {
    const asked = attribute(node, "role").toLowerCase().split(/\s+/).find((role) => ROLES.has(role));
    if (asked) { return asked; }
    const tag = node.tagName;
    if (tag === "A" || tag === "AREA") { return node.hasAttribute("href") ? "link" : ""; }
    if (tag === "BUTTON" || tag === "SUMMARY") { return "button"; }
    if (tag === "TEXTAREA") { return "textbox"; }
    if (tag === "SELECT") { return node.multiple || node.size > 1 ? "listbox" : "combobox"; }
    if (tag === "INPUT") { return node.type === "hidden" ? "" : BY_TYPE[node.type] || (node.hasAttribute("list") ? "combobox" : "textbox"); }
    if (node.isContentEditable) { return "textbox"; }
    return node.hasAttribute("onclick") ? "button" : "";
  };

  const place = (node) => {
    const parts = [];
    for (let at = node; at && at.nodeType === 1; at = at.parentElement) {
      const root = at.getRootNode();
      if (at.id && root.querySelectorAll(`#${CSS.escape(at.id)}`).length === 1) { parts.unshift(`#${CSS.escape(at.id)}`); break; }
      const alike = at.parentNode ? [...at.parentNode.children].filter((other) => other.localName === at.localName) : [at];
      parts.unshift(alike.length > 1 ? `${CSS.escape(at.localName)}:nth-of-type(${alike.indexOf(at) + 1})` : CSS.escape(at.localName));
    }
    const root = node.getRootNode();
    return (root instanceof ShadowRoot ? `${place(root.host)} ` : "") + parts.join(" > ");
  };

  const xpath = (node) => {
    if (node.id && !/['"]/.test(node.id)) { return `//*[@id='${node.id}']`; }
    const parts = [];
    for (let at = node; at && at.nodeType === 1; at = at.parentElement) {
      const alike = at.parentNode ? [...at.parentNode.children].filter((other) => other.localName === at.localName) : [at];
      parts.unshift(alike.length > 1 ? `${at.localName}[${alike.indexOf(at) + 1}]` : at.localName);
    }
    return `/${parts.join("/")}`;
  };

  const groupOf = (node) => {
    const group = node.closest("article,li,tr,fieldset,dialog,[role=article],[role=listitem],[role=row],[role=group],[role=radiogroup]");
    if (!group) { return ""; }
    const authored = textOfIds(group, "aria-labelledby") || clean(attribute(group, "aria-label"));
    const title = group.querySelector("legend,h1,h2,h3,h4,h5,h6,[role=heading],th,a[href],td,strong");
    return authored || (title && title !== node ? said(title, 120) : "");
  };

  const valueOf = (node, role) => {
    if (node.tagName === "SELECT") { return clean([...node.selectedOptions].map((option) => option.label).join(", ")); }
    if (["checkbox", "radio", "switch"].includes(role) || node.type === "password" || node.type === "file") { return ""; }
    if (role === "button") { return ""; }
    return clean("value" in node && typeof node.value === "string" ? node.value : node.isContentEditable ? node.innerText : "", 1000);
  };

  const checkedOf = (node, role) => {
    if (!["checkbox", "radio", "switch", "menuitemcheckbox", "menuitemradio"].includes(role)) { return null; }
    return node.tagName === "INPUT" ? node.checked : attribute(node, "aria-checked") === "true";
  };

  const boxOf = (node) => {
    const {x, y, width, height} = node.getBoundingClientRect();
    return width > 0 && height > 0 ? [x, y, width, height].map(Math.round) : null;
  };

  const element = (node, role) => ({
    role, box: boxOf(node), name: nameOf(node, role), value: valueOf(node, role), href: role === "link" ? String(node.href?.baseVal ?? node.href ?? "") : "",
    selector: place(node), xpath: xpath(node), kind: ["INPUT", "BUTTON"].includes(node.tagName) ? node.type : node.localName,
    options: node.tagName === "SELECT" ? [...node.options].slice(0, 200).map((option) => clean(option.label, 120)) : [],
    checked: checkedOf(node, role), disabled: node.matches(":disabled") || attribute(node, "aria-disabled") === "true",
    required: node.required === true || attribute(node, "aria-required") === "true", invalid: attribute(node, "aria-invalid") === "true",
    hint: clean(`${attribute(node, "placeholder")} ${textOfIds(node, "aria-describedby")} ${textOfIds(node, "aria-errormessage")}`), group: groupOf(node),
  });

  const elements = () => {
    const found = [];
    for (const root of roots()) {
      for (const node of root.querySelectorAll("a,area,button,summary,input,select,textarea,[role],[contenteditable],[onclick]")) {
        if (found.length >= limits.elements) { return found; }
        const role = roleOf(node);
        if (role && shown(node)) { found.push(element(node, role)); }
      }
    }
    return found;
  };

  const precedingHeading = (node) => {
    for (let at = node, up = 0; at && up < 3; at = at.parentElement, up += 1) {
      for (let before = at.previousElementSibling, back = 0; before && back < 3; before = before.previousElementSibling, back += 1) {
        if (/^H[1-6]$/.test(before.tagName)) { return said(before); }
      }
    }
    return "";
  };
  const titled = (node) => textOfIds(node, "aria-labelledby") || clean(attribute(node, "aria-label"));
  const aside = (node) => Boolean(node.closest("nav,header,footer,[role=navigation],[role=banner],[role=contentinfo]"));
  const mainFirst = (nodes) => [...nodes.filter((node) => !aside(node)), ...nodes.filter(aside)];

  const cells = (row) => [...row.children].filter((cell) => /^T[HD]$/.test(cell.tagName) || /cell|header/.test(attribute(cell, "role"))).slice(0, 30)
    .flatMap((cell) => [said(cell), ...Array(Math.min(Math.max((cell.colSpan || 1) - 1, 0), 29)).fill("")]);
  const isHeaderRow = (row) => row.children.length > 0 && [...row.children].every((cell) => cell.tagName === "TH" || attribute(cell, "role") === "columnheader");
  const table = (node) => {
    const rows = [...node.querySelectorAll("tr,[role=row]")].filter((row) => row.closest("table,[role=table],[role=grid]") === node && shown(row));
    const header = rows.findIndex(isHeaderRow);
    return {
      name: titled(node) || (node.caption ? said(node.caption) : "") || precedingHeading(node),
      headers: header < 0 ? [] : cells(rows[header]),
      rows: rows.filter((row, index) => index !== header).slice(0, limits.rows).map(cells).filter((row) => row.length),
    };
  };

  const pairs = () => {
    const found = [];
    const add = (label, value) => { if (label && value && found.length < 200) { found.push({label: clean(label, 120).replace(/\s*:$/, ""), value}); } };
    for (const term of all(document, "dt", 200)) {
      let next = term.nextElementSibling;
      while (next && next.tagName === "DT") { next = next.nextElementSibling; }
      if (next?.tagName === "DD") { add(said(term), said(next)); }
    }
    for (const row of all(document, "tr", 200)) {
      const [first, second] = row.children;
      if (row.children.length === 2 && first.tagName === "TH" && second.tagName === "TD") { add(said(first), said(second)); }
    }
    for (const output of all(document, "output", 50)) { add([...output.labels].map(textWithoutControls).join(" "), said(output)); }
    return found;
  };

  const card = (node) => {
    const heading = node.querySelector("h1,h2,h3,h4,h5,h6,[role=heading]");
    const link = node.querySelector("a[href]");
    const title = heading || link || node.querySelector("strong,b");
    const target = heading?.querySelector("a[href]") || heading?.closest("a[href]") || link || node.closest("a[href]");
    return {name: title ? said(title, 200) : clean(String(node.innerText).split("\n")[0], 200), text: said(node, 600), href: target ? String(target.href) : ""};
  };
  const repeated = (node) => node.parentElement && [...node.parentElement.children].filter((other) => other !== node && other.className === node.className).length > 0;
  const cards = () => {
    const articles = all(document, "article,[role=article]", limits.cards);
    const items = articles.length < 2 ? all(document, "li,[role=listitem]", limits.cards).filter((node) => !aside(node)) : [];
    let nodes = items.length ? items : articles;
    if (!nodes.length) { nodes = all(document, "div[class],section[class]", 2000).filter((node) => repeated(node) && node.querySelector("h2,h3,h4,h5,h6,[role=heading]")); }
    return nodes.slice(0, limits.cards).map(card);
  };

  const messages = () => [...all(document, "[role=alert],[role=alertdialog],[aria-live=assertive]", 10), ...all(document, "[role=status],output,[aria-live=polite]", 10)]
    .map((node) => said(node, 500)).filter(Boolean);

  const body = document.body || document.documentElement;
  const text = String(body?.innerText ?? "");
  const found = elements();
  return {
    url: location.href, title: clean(document.title), elements: found, text: text.slice(0, limits.text),
    headings: mainFirst(all(document, "h1,h2,h3,h4,h5,h6,[role=heading]", 100))
      .map((node) => ({level: Number(attribute(node, "aria-level") || node.tagName.slice(1)) || 2, text: said(node)})).filter((heading) => heading.text),
    paragraphs: mainFirst(all(document, "p,blockquote,[role=paragraph]", 100)).map((node) => said(node, 1000)).filter(Boolean),
    lists: mainFirst(all(document, "ul,ol,menu,[role=list]", 60)).map((node) => ({name: titled(node) || precedingHeading(node),
      items: [...node.children].filter(shown).slice(0, 200).map((item) => said(item)).filter(Boolean)})).filter((list) => list.items.length),
    tables: all(document, "table:not([role=presentation]):not([role=none]),[role=table],[role=grid]", 20).map(table),
    pairs: pairs(), cards: cards(), messages: messages(),
    status: performance.getEntriesByType("navigation")[0]?.responseStatus || null,
    scroll_y: Math.round(scrollY), scroll_max: Math.max(0, Math.round(document.documentElement.scrollHeight - innerHeight)),
    truncated: text.length > limits.text || found.length >= limits.elements,
  };
}
