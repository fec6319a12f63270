"use strict";
// Chooses a topic, ranks its terms, shows the passages behind a number. Text of the corpus is only ever set as textContent.
(() => {
  const terms = JSON.parse(document.getElementById("terms").textContent);
  const slider = document.getElementById("relevance");
  const all = document.getElementById("all");
  const topics = [...document.querySelectorAll("section.topic")];
  const links = [...document.querySelectorAll("a[data-topic]")];
  const SHOWN = 15;

  const choose = () => {
    const found = topics[topicOf(asked()) - 1];
    topics.forEach((topic) => topic.classList.toggle("current", topic === found));
    links.forEach((link) => {
      const here = "topic-" + link.dataset.topic === found.id;
      link.classList.toggle("current", here);
      if (here) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  };

  const bar = (topic, term, weight, lift, widest) => {
    const item = document.createElement("li");
    const word = document.createElement("bdi");
    word.textContent = term;
    const name = document.createElement("a");
    name.href = "#" + new URLSearchParams({ topic, term });
    name.addEventListener("click", () => desk.scrollIntoView());
    name.append(word);
    const track = document.createElement("span");
    track.className = "track";
    const fill = document.createElement("i");
    fill.style.width = (100 * weight) / widest + "%";
    track.append(fill);
    const value = document.createElement("span");
    value.className = "value";
    value.textContent = (100 * weight).toFixed(2) + "% · ×" + lift.toFixed(1);
    item.append(name, track, value);
    return item;
  };

  const rank = () => {
    const lambda = Number(slider.value);
    document.getElementById("lambda").textContent = lambda.toFixed(1);
    topics.forEach((topic, i) => {
      const score = ([, weight, lift]) =>
        lambda * Math.log(weight) + (1 - lambda) * Math.log(lift);
      const top = [...terms[i]].sort((a, b) => score(b) - score(a)).slice(0, SHOWN);
      const widest = Math.max(...terms[i].map(([, weight]) => weight));
      const bars = topic.querySelector("ol.bars");
      bars.replaceChildren(...top.map((term) => bar(i + 1, ...term, widest)));
    });
  };

  const fold = () => document.body.classList.toggle("one", !all.checked);
  document.querySelectorAll(".tools").forEach((tools) => (tools.hidden = false));
  addEventListener("hashchange", choose);
  slider.addEventListener("input", rank);
  all.addEventListener("change", fold);
  fold();

  // -- the passages behind a number: what is asked for stands in the address --------------------

  const said = JSON.parse(document.getElementById("said").textContent);
  const desk = document.getElementById("evidence");
  const form = desk.querySelector("form");
  const list = desk.querySelector("ol");
  const [before, after] = desk.querySelectorAll(".pages button");
  const PAGE = 10;
  let columns = [], held = [], rows = [];

  const asked = () => {
    const old = /^topic-(\d+)$/.exec(location.hash.slice(1));
    return new URLSearchParams(old ? { topic: old[1] } : location.hash.slice(1));
  };
  const go = (wanted) => {
    for (const [name, value] of [...wanted]) if (!value) wanted.delete(name);
    location.hash = wanted.toString();
  };
  const topicOf = (wanted) =>
    Math.min(Math.max(Math.trunc(Number(wanted.get("topic"))) || 1, 1), topics.length);

  const matching = (wanted) => {
    const k = topicOf(wanted) - 1;
    const query = (wanted.get("q") || "").toLowerCase();
    const chosen = columns.map(([name]) => wanted.get(name));
    const term = held.indexOf(wanted.get("term"));
    const found = rows.filter(
      ([text, place, values, , words, terms]) =>
        (!wanted.has("text") || text === Number(wanted.get("text"))) &&
        (!wanted.get("term") || terms.includes(term)) &&
        chosen.every((value, i) => !value || values[i] === value) &&
        (!query || (place + "\n" + words).toLowerCase().includes(query)));
    if (wanted.has("text")) return found; // in the order of the text
    return found.sort((a, b) => (b[3][k] ?? -1) - (a[3][k] ?? -1));
  };

  const highlighted = (words, query) => {
    const place = document.createElement("p");
    let at = 0;
    const lower = words.toLowerCase();
    while (query && lower.length === words.length) {
      const found = lower.indexOf(query, at);
      if (found < 0) break;
      const mark = document.createElement("mark");
      mark.className = "s3";
      mark.textContent = words.slice(found, found + query.length);
      place.append(words.slice(at, found), mark);
      at = found + query.length;
    }
    place.append(words.slice(at));
    return place;
  };

  const item = ([text, place, , shares, words], k, wanted) => {
    const quote = document.createElement("blockquote");
    quote.append(words
      ? highlighted(words, (wanted.get("q") || wanted.get("term") || "").toLowerCase())
      : Object.assign(document.createElement("p"), { className: "note", textContent: said.no_text }));
    const foot = document.createElement("footer");
    const link = document.createElement("a");
    link.textContent = said.its_text;
    link.href = "#" + new URLSearchParams({ topic: k + 1, text });
    const share = shares.length ? (shares[k] / 10).toFixed(0) + "%" : "—";
    foot.append(place + " · " + share + " · ", link);
    quote.append(foot);
    const entry = document.createElement("li");
    entry.append(quote);
    return entry;
  };

  const show = () => {
    const wanted = asked();
    const k = topicOf(wanted) - 1;
    const found = matching(wanted);
    const counted = found.filter(([, , , shares]) => shares.length);
    const mean = counted.reduce((sum, [, , , shares]) => sum + shares[k], 0) / counted.length / 10;
    const values = {
      topic: k + 1, n: found.length, texts: new Set(found.map(([text]) => text)).size,
      filled: counted.length, mean: counted.length ? mean.toFixed(0) : "—",
    };
    desk.querySelector(".found").textContent = found.length
      ? said.found.replace(/\{(\w+)\}/g, (_, name) => values[name])
      : said.none;
    const last = Math.max(Math.ceil(found.length / PAGE) - 1, 0);
    const page = Math.min(Math.max(Math.trunc(Number(wanted.get("page"))) || 1, 1) - 1, last);
    list.replaceChildren(
      ...found.slice(page * PAGE, (page + 1) * PAGE).map((row) => item(row, k, wanted)));
    list.start = page * PAGE + 1;
    desk.querySelector(".pages span").textContent = page + 1 + " / " + (last + 1);
    before.disabled = page === 0;
    after.disabled = page === last;
    before.value = page;
    after.value = page + 2;
    for (const field of form.elements) {
      if (field.name && field !== document.activeElement) field.value = wanted.get(field.name) || "";
    }
  };

  const turn = ({ currentTarget }) => {
    const wanted = asked();
    wanted.set("page", currentTarget.value);
    go(wanted);
    desk.scrollIntoView();
  };

  const sortable = (table) => {
    const body = table.tBodies[0];
    [...table.tHead.rows[0].cells].forEach((cell, i) => {
      const button = document.createElement("button");
      button.type = "button";
      button.title = said.sort;
      button.append(...cell.childNodes);
      cell.append(button);
      button.addEventListener("click", () => {
        const down = cell.getAttribute("aria-sort") !== "descending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        cell.setAttribute("aria-sort", down ? "descending" : "ascending");
        const value = (row) => row.cells[i].textContent.trim();
        const order = (a, b) => {
          const [x, y] = [value(a), value(b)];
          return x === "" || y === "" || isNaN(x) || isNaN(y)
            ? x.localeCompare(y, document.documentElement.lang) : Number(x) - Number(y);
        };
        const sorted = [...body.rows].sort(order);
        body.append(...(down ? sorted.reverse() : sorted));
      });
    });
  };

  const unpack = async () => {
    const packed = Uint8Array.from(
      atob(document.getElementById("rows").textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    [columns, held, rows] = JSON.parse(await new Response(stream).text());
    for (const [name, values] of columns) {
      const any = new Option(said.anything, "");
      form.elements.namedItem(name).append(any, ...values.map((value) => new Option(value, value)));
    }
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => {
      const wanted = asked();
      for (const { name, value } of form.elements) if (name) wanted.set(name, value);
      wanted.delete("page");
      wanted.delete("text");
      go(wanted);
    });
    form.addEventListener("reset", () => go(new URLSearchParams({ topic: topicOf(asked()) })));
    before.addEventListener("click", turn);
    after.addEventListener("click", turn);
    document.querySelectorAll("td a").forEach((link) =>
      link.addEventListener("click", () => desk.scrollIntoView()));
    addEventListener("hashchange", show);
    desk.hidden = false;
    show();
  };

  choose();
  rank();
  document.querySelectorAll("table").forEach(sortable);
  unpack();
})();
