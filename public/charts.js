/* Draws the charts of a report from the data block that stands in the page. Without it the tables say the same. */
(() => {
  const block = document.getElementById('report-charts');
  if (!block || typeof Chart === 'undefined') return;
  const data = JSON.parse(block.textContent);
  const drawn = [];

  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  /** One row per arm or cohort value: a point, and a line over its interval; arrows where it has no end. */
  const errorBars = {
    id: 'errorBars',
    beforeDatasetsDraw(chart) {
      const { ctx, chartArea, scales } = chart;
      const { rows, colours } = chart.options.plugins.errorBars;
      ctx.save();
      ctx.strokeStyle = colours.zero;
      ctx.lineWidth = 1;
      const zero = Math.round(scales.x.getPixelForValue(0)) + 0.5;
      line(ctx, zero, chartArea.top, zero, chartArea.bottom);
      rows.forEach((row, i) => {
        if (row.value === null) return;
        const y = scales.y.getPixelForValue(i);
        const left = row.lower === null ? chartArea.left : scales.x.getPixelForValue(row.lower);
        const right = row.upper === null ? chartArea.right : scales.x.getPixelForValue(row.upper);
        ctx.strokeStyle = colourOf(row, colours);
        ctx.lineWidth = 2;
        line(ctx, left, y, right, y);
        cap(ctx, left, y, row.lower === null ? -1 : 0);
        cap(ctx, right, y, row.upper === null ? 1 : 0);
      });
      ctx.restore();
    },
  };

  function line(ctx, x1, y1, x2, y2) {
    ctx.beginPath();
    ctx.moveTo(x1, y1);
    ctx.lineTo(x2, y2);
    ctx.stroke();
  }

  function cap(ctx, x, y, open) {
    if (open === 0) return line(ctx, x, y - 5, x, y + 5);
    ctx.beginPath();
    ctx.moveTo(x - 6 * open, y - 5);
    ctx.lineTo(x, y);
    ctx.lineTo(x - 6 * open, y + 5);
    ctx.stroke();
  }

  function colourOf(row, colours) {
    const clear = (row.lower !== null && row.lower > 0) || (row.upper !== null && row.upper < 0);
    return clear ? colours.clear : colours.unclear;
  }

  /** The axis shows every value and interval, and zero. An end at infinity takes no room. */
  function range(rows) {
    const numbers = rows.flatMap((row) => [row.value, row.lower, row.upper]).filter((number) => number !== null);
    const low = Math.min(0, ...numbers);
    const high = Math.max(0, ...numbers);
    const room = (high - low || 1) * 0.06;
    return { min: low - room, max: high + room };
  }

  function writer(chart) {
    const formats = {
      percent: (value) => `${signed(value * 100)} %`,
      points: (value) => `${signed(value * 100)} pp`,
      money: (value) => `${signed(value)} ${chart.currency ?? ''}`.trim(),
      number: signed,
      minutes: spanned,
    };
    return formats[chart.unit] ?? signed;
  }

  /** Minutes in the largest unit that fits. */
  function spanned(value) {
    const size = Math.abs(value);
    if (size >= 1440) return `${signed(value / 1440)} d`;
    return size >= 60 ? `${signed(value / 60)} h` : `${signed(value)} min`;
  }

  function signed(value) {
    const rounded = Number(value.toPrecision(3));
    return `${rounded > 0 ? '+' : rounded < 0 ? '−' : ''}${Math.abs(rounded)}`;
  }

  function options(chart, colours, titled) {
    const write = writer(chart);
    const font = { family: getComputedStyle(document.body).fontFamily, size: 13 };
    return {
      indexAxis: 'y',
      animation: false,
      maintainAspectRatio: false,
      plugins: {
        legend: { display: false },
        title: { display: titled, text: chart.title, align: 'start', color: colours.ink, font: { ...font, weight: '600' } },
        tooltip: { callbacks: { label: (item) => chart.rows[item.dataIndex].text } },
        errorBars: { rows: chart.rows, colours },
      },
      scales: {
        x: { ...range(chart.rows), grid: { color: colours.line }, border: { display: false }, ticks: { color: colours.quiet, font, callback: write, maxTicksLimit: 7, includeBounds: false } },
        y: { type: 'category', offset: true, grid: { display: false }, border: { display: false }, ticks: { color: colours.ink, font, autoSkip: false, callback: shortLabel } },
      },
    };
  }

  function shortLabel(value) {
    const label = this.getLabelForValue(value);
    const most = this.chart.width < 480 ? 16 : 32;
    return label.length > most ? `${label.slice(0, most - 1)}…` : label;
  }

  function draw(canvas, chart, titled) {
    const colours = {
      ink: token('--ink'),
      quiet: token('--quiet'),
      line: token('--line'),
      zero: token('--line-strong'),
      clear: token('--accent'),
      unclear: token('--mark'),
    };
    // One row has the height of a line of text, so that a short list is not stretched over an empty field.
    canvas.parentElement.classList.add(rowsClass(chart.rows.length));
    return new Chart(canvas, {
      type: 'scatter',
      plugins: [errorBars],
      data: {
        labels: chart.rows.map((row) => row.label),
        datasets: [
          {
            data: chart.rows.map((row) => ({ x: row.value, y: row.label })),
            backgroundColor: chart.rows.map((row) => colourOf(row, colours)),
            pointRadius: 5,
            pointHoverRadius: 6,
          },
        ],
      },
      options: options(chart, colours, titled),
    });
  }

  function rowsClass(count) {
    if (count <= 3) return 'chart-short';
    return count <= 8 ? 'chart-middle' : 'chart-tall';
  }

  /** One canvas for a list of charts: the first is shown, a choice above it switches. */
  function show(canvasId, charts, label) {
    const canvas = document.getElementById(canvasId);
    if (!canvas || charts.length === 0) return;
    const state = { chart: null, index: 0 };
    const redraw = () => {
      state.chart?.destroy();
      canvas.parentElement.classList.remove('chart-short', 'chart-middle', 'chart-tall');
      // Where there is a choice, it is the title.
      state.chart = draw(canvas, charts[state.index], charts.length === 1);
    };
    if (charts.length > 1) {
      canvas.parentElement.before(choice(charts, label, (index) => {
        state.index = index;
        redraw();
      }));
    }
    redraw();
    drawn.push(redraw);
  }

  function choice(charts, label, choose) {
    const select = document.createElement('select');
    select.className = 'chart-choice';
    select.setAttribute('aria-label', label);
    charts.forEach((chart, i) => {
      const option = document.createElement('option');
      option.value = String(i);
      option.textContent = chart.title;
      select.append(option);
    });
    select.addEventListener('change', () => choose(Number(select.value)));
    return select;
  }

  show('effect-chart', data.effects, 'Metric of the effect chart');
  show('cohort-chart', data.cohorts, 'Cohort chart');
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => drawn.forEach((redraw) => redraw()));
})();
