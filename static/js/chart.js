/* Draws every [data-chart] with Plotly, exactly as large as the SVG that it takes the place of.
   No decision about a chart is made here: sizes, texts and lines are scaled by one factor, and that is all.
   Where Plotly is missing or fails, the SVG stays. */
(function () {
  "use strict";

  const drawn = new WeakMap(); // chart → the room it had and the figure it showed

  function scaled(figure, factor) {
    const line = (mark) => ({ ...mark, line: { ...mark.line, width: mark.line.width * factor } });
    const layout = figure.layout;
    return {
      data: figure.data.map((trace) => ({
        ...trace,
        marker: { ...line(trace.marker), size: trace.marker.size * factor },
      })),
      layout: {
        ...layout,
        width: layout.width * factor,
        height: layout.height * factor,
        shapes: layout.shapes.map(line),
        annotations: layout.annotations.map((note) => ({
          ...note,
          font: { ...note.font, size: note.font.size * factor },
        })),
      },
    };
  }

  function show(chart, live) {
    chart.querySelector("[data-still]").hidden = live;
    chart.querySelector("[data-live]").hidden = !live;
  }

  async function draw(chart) {
    if (!window.Plotly) return;
    const text = chart.querySelector("script[type='application/json']").textContent;
    const before = drawn.get(chart);
    if (before && before.text === text && before.room === chart.clientWidth) return;
    drawn.set(chart, { text, room: chart.clientWidth });
    try {
      const figure = JSON.parse(text);
      const live = chart.querySelector("[data-live]");
      show(chart, false); // the SVG says how large the chart is
      const width = chart.querySelector("[data-still] svg").getBoundingClientRect().width;
      if (!width) return drawn.delete(chart); // not on the screen now; the observer comes back
      const { data, layout } = scaled(figure, width / figure.layout.width);
      show(chart, true);
      await window.Plotly.react(live, data, layout, figure.config);
    } catch (error) {
      show(chart, false);
      console.warn("The chart stays as it is:", error);
    }
  }

  const observer = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      if (target.isConnected) {
        draw(target);
      } else {
        observer.unobserve(target);
        if (window.Plotly) window.Plotly.purge(target.querySelector("[data-live]"));
      }
    }
  });

  // A long page draws its charts when they come near the window: until then, and in print, the SVG is there.
  const near = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        observer.observe(target);
        draw(target);
      }
    },
    { rootMargin: "50% 0px" }
  );

  function drawAll(root) {
    const inside = root.querySelectorAll("[data-chart]");
    for (const chart of root.matches && root.matches("[data-chart]") ? [root, ...inside] : inside) {
      if (drawn.has(chart)) draw(chart);
      else near.observe(chart);
    }
  }

  document.fonts.ready.then(() => {
    drawAll(document);
    document.addEventListener("htmx:load", (event) => drawAll(event.target));
    document.addEventListener("htmx:afterSwap", () => drawAll(document));
  });
})();
