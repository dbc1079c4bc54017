/* Lets the marks of a [data-explore] chart be stepped through by keys: the arrow keys go from one to the next, Home and
   End to the first and the last, Escape stops. Each says what it says when it is pointed at: on the picture, and in
   words to who listens. No decision about a chart is made here: marks and words are those of its figure. */
(() => {
  "use strict";

  const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

  function explore(chart) {
    const figure = chart.closest("figure");
    const live = chart.querySelector("[data-live]"), said = figure.querySelector("[data-said]");
    const how = figure.querySelector(".plot__how");
    const marks = JSON.parse(chart.querySelector("script[type='application/json']").textContent).data.flatMap(
      (trace, curveNumber) =>
        trace.meta ? [{ words: trace.meta, curveNumber, pointNumber: trace.x.length >> 1 }] : []
    );
    if (!marks.length) return;
    let at = -1; // which mark is said; none at first

    chart.tabIndex = 0;
    chart.setAttribute("role", "application"); // so that a screen reader passes the arrow keys on
    chart.setAttribute("aria-roledescription", chart.dataset.explore);
    chart.setAttribute("aria-describedby", how.id);
    how.hidden = false;

    function stop() {
      if (at < 0) return;
      at = -1;
      said.textContent = "";
      if (!live.hidden) window.Plotly.Fx.unhover(live);
    }

    function say(next) {
      at = next;
      const { words, curveNumber, pointNumber } = marks[at];
      said.textContent = words;
      if (!live.hidden) window.Plotly.Fx.hover(live, [{ curveNumber, pointNumber }]);
    }

    chart.addEventListener("blur", stop);
    chart.addEventListener("keydown", (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const last = marks.length - 1;
      if (event.key in STEPS) say(at < 0 ? (STEPS[event.key] > 0 ? 0 : last) : Math.min(last, Math.max(0, at + STEPS[event.key])));
      else if (event.key === "Home") say(0);
      else if (event.key === "End") say(last);
      else if (event.key === "Escape") stop();
      else return;
      event.preventDefault();
    });
  }

  if (window.Plotly) document.querySelectorAll("[data-explore]").forEach(explore);
})();
