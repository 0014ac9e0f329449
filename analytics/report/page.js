// What the page does: draws the charts, tells what lies under the pointer, and lists the posts of the weeks chosen.
// A brush on any chart by week and the fields of the form change one and the same choice. Nothing is sent anywhere.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const { weeks, charts, posts } = JSON.parse($("data").textContent);
  const views = new Map();
  const SHOWN = 6;
  const DAY = 86400000;
  const last = weeks.length - 1;
  const choice = { first: 0, last, source: "", theme: "" };
  let shown = SHOWN;

  const weekOf = (day) => {
    const at = (Date.parse(day) - Date.parse(weeks[0].day)) / DAY;
    return Math.floor(at / 7);
  };
  for (const post of posts) post.week = weeks.length ? weekOf(post.day) : 0;

  // ---- the tip beside the pointer ----------------------------------------------------------------------------------
  const tip = $("tip");
  const tell = (text, x, y) => {
    tip.hidden = !text;
    if (!text) return;
    tip.textContent = text;
    const left = x + 16 + tip.offsetWidth > innerWidth ? x - 16 - tip.offsetWidth : x + 16;
    const top = y + 16 + tip.offsetHeight > innerHeight ? y - 16 - tip.offsetHeight : y + 16;
    tip.style.left = `${Math.max(4, left)}px`;
    tip.style.top = `${Math.max(4, top)}px`;
  };
  const tipOfMark = (handler, event, item, text) => tell(text ? String(text) : "", event.clientX, event.clientY);

  const nearest = (view, event) => {
    const box = view.container().querySelector("svg").getBoundingClientRect();
    const x = event.clientX - box.left - view.origin()[0];
    if (x < 0 || x > view.width()) return -1;
    const at = +view.scale("x").invert(x);
    return Math.min(last, Math.max(0, Math.round((at - weeks[0].at) / (7 * DAY))));
  };
  const point = (week) => {
    for (const { view } of views.values()) view.signal("hovered", week < 0 ? -1 : weeks[week].at).runAsync();
  };
  const sayWeek = (chart, week) => `${weeks[week].name}\n${chart.words[week] || ""}`.trim();

  // ---- reading a week by keyboard -----------------------------------------------------------------------------------
  const slider = $("week");
  const read = () => {
    const week = +slider.value;
    const said = sayWeek(charts[0], week);
    slider.setAttribute("aria-valuetext", said);
    $("reading").textContent = said;
    point(week);
  };

  // ---- the choice, and the posts of it --------------------------------------------------------------------------------
  const brushed = () => choice.first > 0 || choice.last < last;
  const chosen = () =>
    posts.filter(
      (post) =>
        post.week >= choice.first &&
        post.week <= choice.last &&
        (!choice.source || post.source === choice.source) &&
        (!choice.theme || post.themes.includes(choice.theme)),
    );
  const make = (name, text, attributes = {}) => {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const card = (post) => {
    const article = make("article", "", { class: "post" });
    if (post.title) article.append(make("p", post.title, { class: "post-title", dir: "auto" }));
    article.append(make("p", post.text, { dir: "auto" }));
    const note = make("p", "", { class: "note" });
    note.append(make("bdi", post.notes));
    if (post.themes.length) note.append(` · ${post.themes.join(", ")}`);
    if (post.url) {
      note.append(" · ", make("a", "open the post", { href: post.url, rel: "noreferrer noopener nofollow" }));
    }
    article.append(note);
    return article;
  };
  const tellGaps = (span) => {
    if (span.length < 2) return ""; // the name of a single week says it
    const among = (many) => (many === span.length ? `None of these weeks was` : `${many} of these ${span.length} weeks ${many === 1 ? "was" : "were"} not`);
    const none = span.filter((week) => week.coverage === "none").length;
    const partly = span.filter((week) => week.coverage === "partial").length;
    return `${none ? ` ${among(none)} collected.` : ""}${partly ? ` ${among(partly)} collected in full.` : ""}`;
  };
  const list = () => {
    const found = chosen();
    const many = found.length === 1 ? "1 post" : `${found.length.toLocaleString("en")} posts`;
    const from = weeks[choice.first];
    const span =
      choice.first === choice.last
        ? `${from.name}${from.counted ? ` (${from.counted})` : ""}`
        : `${from.name} to ${weeks[choice.last].name.replace("Week", "week")}`;
    const among = [choice.source, choice.theme].filter(Boolean).join(", ");
    const most = Math.min(shown, found.length);
    const gaps = tellGaps(weeks.slice(choice.first, choice.last + 1));
    $("found").textContent = `${span}${among ? `; ${among}` : ""}: ${many} to read${most < found.length ? `, ${most} shown` : ""}.${gaps}`;
    const place = $("posts");
    place.replaceChildren();
    let week = -1;
    let cards = null;
    for (const post of found.slice(0, shown)) {
      if (post.week !== week) {
        week = post.week;
        const { name, counted } = weeks[week];
        place.append(make("h3", counted ? `${name} · ${counted}` : name));
        cards = make("div", "", { class: "posts" });
        place.append(cards);
      }
      cards.append(card(post));
    }
    $("more").hidden = found.length <= shown;
  };
  const brush = (but) => {
    for (const [name, { view }] of views) {
      if (name === but) continue;
      const scale = view.scale("x");
      const ends = brushed()
        ? [scale(weeks[choice.first].at - 3.5 * DAY), scale(weeks[choice.last].at + 3.5 * DAY)]
        : [0, 0];
      view.signal("weeks_x", ends).runAsync();
    }
  };
  const change = (to, origin) => {
    Object.assign(choice, to);
    if (choice.first > choice.last) [choice.first, choice.last] = [choice.last, choice.first];
    shown = SHOWN;
    $("from").value = choice.first;
    $("to").value = choice.last;
    $("source").value = choice.source;
    $("theme").value = choice.theme;
    if ("first" in to) brush(origin);
    list();
  };
  let brushing = "";
  const onBrush = (name) => (_, value) => {
    if (brushing !== name) return; // set by the form or by another chart
    const ends = value && value.at;
    if (!ends) return change({ first: 0, last }, name);
    const [low, high] = [Math.min(...ends), Math.max(...ends)];
    const first = weeks.findIndex((week) => week.at >= low);
    const inside = weeks.filter((week) => week.at >= low && week.at <= high).length;
    if (inside > 0) change({ first, last: first + inside - 1 }, name);
  };

  // ---- begin --------------------------------------------------------------------------------------------------------------
  document.documentElement.classList.add("scripted");
  if (!posts.length) $("choice").hidden = $("found").hidden = true;
  if (!weeks.length) slider.parentElement.hidden = true;
  const option = (value, text) => make("option", text, { value });
  for (const id of ["from", "to"]) $(id).append(...weeks.map((week, at) => option(at, week.name.replace("Week of ", ""))));
  $("choice").addEventListener("change", () => {
    change({ first: +$("from").value, last: +$("to").value, source: $("source").value, theme: $("theme").value });
  });
  $("choice").addEventListener("submit", (event) => event.preventDefault());
  $("choice").addEventListener("reset", (event) => {
    event.preventDefault();
    change({ first: 0, last, source: "", theme: "" });
  });
  $("more").addEventListener("click", () => {
    shown += 4 * SHOWN;
    list();
  });
  slider.max = Math.max(0, last);
  slider.value = slider.max;
  slider.addEventListener("input", read);
  slider.addEventListener("focus", read);
  slider.addEventListener("blur", () => point(-1));
  addEventListener("pointerup", () => setTimeout(() => (brushing = ""), 0));
  addEventListener("keydown", (event) => event.key === "Escape" && tell(""));
  if (weeks.length) change({ first: 0, last });

  const options = {
    mode: "vega-lite",
    ast: true, // expressions are interpreted, not compiled: the page allows no eval
    actions: false,
    renderer: "svg",
    defaultStyle: false,
    tooltip: tipOfMark,
    logLevel: 1, // errors only
  };
  const drawn = charts.map(async (chart) => {
    const place = $(chart.name);
    const { view } = await vegaEmbed(place, chart.spec, options);
    place.querySelector("svg").setAttribute("aria-hidden", "true"); // the place itself says what it shows
    place.addEventListener("pointerleave", () => tell(""));
    if (chart.words.length) {
      views.set(chart.name, { view });
      view.addSignalListener("weeks", onBrush(chart.name));
      place.addEventListener("pointerdown", () => (brushing = chart.name));
      place.addEventListener("pointermove", (event) => {
        const week = nearest(view, event);
        point(week);
        tell(week < 0 ? "" : sayWeek(chart, week), event.clientX, event.clientY);
      });
      place.addEventListener("pointerleave", () => point(-1));
    } else if (chart.name === "themes") {
      view.addEventListener("click", (_, item) => {
        const label = item && item.datum && item.datum.label;
        if ([...$("theme").options].some((one) => one.value === label)) {
          change({ theme: choice.theme === label ? "" : label });
          $("behind").scrollIntoView();
        }
      });
    }
  });
  Promise.all(drawn).then(
    () => document.documentElement.classList.add("drawn"),
    (problem) => {
      document.documentElement.classList.add("failed");
      console.error(problem);
    },
  );
})();
