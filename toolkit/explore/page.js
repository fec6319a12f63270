"use strict";
// Chooses a topic and ranks its terms. Text of the corpus is only ever set as textContent.
(() => {
  const terms = JSON.parse(document.getElementById("terms").textContent);
  const slider = document.getElementById("relevance");
  const all = document.getElementById("all");
  const topics = [...document.querySelectorAll("section.topic")];
  const links = [...document.querySelectorAll("a[data-topic]")];
  const SHOWN = 15;

  const choose = () => {
    const wanted = location.hash.slice(1);
    const found = topics.find((topic) => topic.id === wanted) || topics[0];
    topics.forEach((topic) => topic.classList.toggle("current", topic === found));
    links.forEach((link) => {
      const here = "topic-" + link.dataset.topic === found.id;
      link.classList.toggle("current", here);
      if (here) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  };

  const bar = (term, weight, lift, widest) => {
    const item = document.createElement("li");
    const name = document.createElement("bdi");
    name.textContent = term;
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
      bars.replaceChildren(...top.map((term) => bar(...term, widest)));
    });
  };

  const fold = () => document.body.classList.toggle("one", !all.checked);
  document.querySelectorAll(".tools").forEach((tools) => (tools.hidden = false));
  addEventListener("hashchange", choose);
  slider.addEventListener("input", rank);
  all.addEventListener("change", fold);
  choose();
  fold();
})();
