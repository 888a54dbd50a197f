import { get } from './api.js';
import { el, t } from './dom.js';
import { parseNrrd } from './nrrd.js';
import { outline } from './surface-data.js';

/** Centre and width, HU. */
const WINDOWS = { boneWindow: [500, 2500], softTissueWindow: [40, 400] };

/** Coordinates (0 to the left, 1 to the back, 2 to the head) across and down each plane, as radiologists hang them. */
const PLANES = {
  axial: { normal: 2, across: 0, down: 1, up: false, marks: ['right', 'left', 'anterior', 'posterior'] },
  coronal: { normal: 1, across: 0, down: 2, up: true, marks: ['right', 'left', 'superior', 'inferior'] },
  sagittal: { normal: 0, across: 1, down: 2, up: true, marks: ['anterior', 'posterior', 'superior', 'inferior'] },
};
const PLANE_COLOURS = { 0: '#ffd24a', 1: '#7dd87d', 2: '#ff8a80' };
/** Those of the Segmentation. */
const SEGMENT_COLOURS = { condyle: '#ffb43c', temporalBone: '#5aa9ff', negativeVolume: '#ff5fa8' };
const DISTANCE_COLOUR = '#ffffff';

/** A distance is drawn where it is no further from the plane, mm. */
const SLAB_MM = 1;
const DISTANCES = ['ANTERIOR_JOINT_SPACE', 'SUPERIOR_JOINT_SPACE', 'POSTERIOR_JOINT_SPACE', 'MEDIAL_JOINT_SPACE',
  'LATERAL_JOINT_SPACE', 'FOSSA_WIDTH', 'FOSSA_DEPTH', 'CONDYLE_WIDTH'];
const SCALE_MM = 10;
const WHEEL_STEP = 40;

/**
 * The CT round each joint in three planes through one point.
 *
 * @param url of a joint's scan by its side
 * @param joints what the result says of them
 * @param surfaces a promise of the surfaces
 */
export function slices(url, joints, surfaces) {
  const sides = ['left', 'right'].filter((side) => joints[side]);
  const scans = {};
  /** In the order of drawing: where two meet, the bone is on top. */
  const outlines = { negativeVolume: true, temporalBone: true, condyle: true };
  let lines = true;
  let cross = true;
  let window = WINDOWS.boneWindow;
  let meshes = null;
  let side = sides[0];
  let scan = null;
  let at = null;
  let waiting = false;

  const note = el('p', { role: 'status' }, t('loadingSlices'));
  const where = el('p', { class: 'faint' });
  const go = el('div', { class: 'row', role: 'group', 'aria-label': t('goTo') });
  const planes = Object.entries(PLANES).map(([name, plane]) => view(name, plane));

  const centre = el('input', { type: 'number', step: '10', value: String(window[0]), onchange: typed });
  const width = el('input', { type: 'number', step: '50', min: '1', value: String(window[1]), onchange: typed });
  const check = (key, checked, change) => el('label', { class: 'check' },
    el('input', { type: 'checkbox', checked, onchange: (event) => { change(event.target.checked); draw(); } }), t(key));
  const element = el('div', { class: 'slices' },
    el('div', { class: 'row', role: 'group', 'aria-label': t('joint') },
      sides.map((which) => el('button', { type: 'button', 'aria-pressed': String(which === side), onclick: () => open(which) }, t(`${which}Joint`))),
      Object.entries(WINDOWS).map(([name, values]) => el('button', { type: 'button', onclick: () => see(values) }, t(name))),
      el('button', { type: 'button', onclick: () => see(allOf(scan)) }, t('wholeWindow')),
      el('label', {}, t('windowCentre'), centre), el('label', {}, t('windowWidth'), width)),
    el('div', { class: 'planes' }, planes.map((p) => p.element)),
    where, note,
    el('div', { class: 'row', role: 'group', 'aria-label': t('show') },
      Object.keys(outlines).map((kind) => check(kind, true, (on) => { outlines[kind] = on; })),
      check('distances', true, (on) => { lines = on; }), check('crossHair', true, (on) => { cross = on; })),
    go);

  function typed() {
    if (centre.checkValidity() && width.checkValidity()) {
      see([Number(centre.value), Number(width.value)]);
    }
  }

  function see(values) {
    window = values;
    [centre.value, width.value] = values.map((v) => String(Math.round(v)));
    draw();
  }

  /** From the first to the last percent of the values: for cone-beam CT, whose grey values are not HU. */
  function allOf({ values }) {
    const sorted = values.filter((v, i) => i % 16 === 0).sort();
    const [low, high] = [0.01, 0.99].map((share) => sorted[Math.floor(share * (sorted.length - 1))]);
    return [(low + high) / 2, Math.max(1, high - low)];
  }

  async function open(which) {
    side = which;
    element.querySelectorAll('[aria-pressed]').forEach((button, i) => button.setAttribute('aria-pressed', String(sides[i] === side)));
    note.className = '';
    note.textContent = t('loadingSlices');
    try {
      scans[which] ??= get(url(which), 'application/octet-stream').then(parseNrrd);
      const loaded = await scans[which];
      if (side !== which) {
        return;
      }
      scan = loaded;
      at = joints[side].landmarks.CONDYLE_TOP ?? joints[side].landmarks.CONDYLE_CENTRE;
      note.textContent = '';
      go.replaceChildren(el('span', { class: 'faint' }, t('goTo')), ...measured().map(([name, measure]) => el('button', {
        type: 'button', title: measure.meaning, onclick: () => move(middle(measure.lineMm)),
      }, `${t(name)} ${measure.value.toFixed(1)} mm`)));
      draw();
    } catch (error) {
      delete scans[which];
      note.className = 'bad';
      note.textContent = t('noSlices', { why: error.message });
    }
  }

  const measured = () => DISTANCES.map((name) => [name, joints[side].measures[name]]).filter(([, m]) => m?.lineMm);
  const middle = (line) => line[0].map((v, c) => (v + line.at(-1)[c]) / 2);

  /** Moves the point to the nearest voxel. */
  function move(to) {
    at = to.map((mm, c) => {
      const index = Math.round((mm - scan.origin[c]) / scan.spacing[c]);
      return scan.origin[c] + scan.spacing[c] * Math.min(scan.sizes[c] - 1, Math.max(0, index));
    });
    draw();
  }

  const index = (c) => Math.min(scan.sizes[c] - 1, Math.max(0, Math.round((at[c] - scan.origin[c]) / scan.spacing[c])));

  function draw() {
    if (!waiting && scan) {
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        planes.forEach((p) => p.draw());
        const [i, j, k] = [0, 1, 2].map(index);
        const hu = scan.values[i + scan.sizes[0] * (j + scan.sizes[1] * k)];
        where.textContent = t('atPoint', { x: at[0].toFixed(1), y: at[1].toFixed(1), z: at[2].toFixed(1), hu });
        if (meshes) {
          element.dataset.ready = side;
        }
      });
    }
  }

  /** One plane: its canvas and how it is drawn. */
  function view(name, plane) {
    const { normal, across, down, up } = plane;
    const canvas = el('canvas', {
      tabindex: '0', role: 'slider', 'aria-label': t(name), 'aria-orientation': 'vertical',
      'aria-valuemin': '0', 'aria-valuemax': '0', 'aria-valuenow': '0',
    });
    const element = el('div', { class: 'plane' }, el('div', { class: 'plane-name' }, t(name)), canvas);
    const picture = document.createElement('canvas');
    let turned = 0;

    /** Pixels per mm of the canvas, and the place of a point on it. */
    const scale = () => canvas.width / (scan.sizes[across] * scan.spacing[across]);
    const low = (c) => scan.origin[c] - scan.spacing[c] / 2;
    const high = (c) => low(c) + scan.sizes[c] * scan.spacing[c];
    const place = (p) => [(p[across] - low(across)) * scale(), (up ? high(down) - p[down] : p[down] - low(down)) * scale()];

    function step(by) {
      const to = [...at];
      to[normal] += by * scan.spacing[normal];
      move(to);
    }
    canvas.addEventListener('wheel', (event) => {
      event.preventDefault();
      turned += event.deltaY;
      const by = Math.trunc(turned / WHEEL_STEP);
      if (by && scan) {
        turned -= by * WHEEL_STEP;
        step(-by);
      }
    }, { passive: false });
    canvas.addEventListener('keydown', (event) => {
      const by = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10, Home: -1e6, End: 1e6 }[event.key];
      if (by && scan) {
        event.preventDefault();
        step(by);
      }
    });
    const point = (event) => {
      if (scan && event.buttons & 1) {
        const box = canvas.getBoundingClientRect();
        const to = [...at];
        to[across] = low(across) + ((event.clientX - box.left) / box.width) * (high(across) - low(across));
        const share = (event.clientY - box.top) / box.height;
        to[down] = low(down) + (up ? 1 - share : share) * (high(down) - low(down));
        move(to);
      }
    };
    canvas.addEventListener('pointerdown', (event) => { canvas.setPointerCapture(event.pointerId); point(event); });
    canvas.addEventListener('pointermove', point);

    function paint() {
      const [columns, rows] = [scan.sizes[across], scan.sizes[down]];
      [picture.width, picture.height] = [columns, rows];
      const stride = [1, scan.sizes[0], scan.sizes[0] * scan.sizes[1]];
      const image = new ImageData(columns, rows);
      const pixels = new Uint32Array(image.data.buffer);
      const [lowest, gain] = [window[0] - window[1] / 2, 255 / window[1]];
      const start = index(normal) * stride[normal];
      for (let r = 0; r < rows; r++) {
        const from = start + (up ? rows - 1 - r : r) * stride[down];
        for (let c = 0; c < columns; c++) {
          const grey = Math.min(255, Math.max(0, (scan.values[from + c * stride[across]] - lowest) * gain)) | 0;
          pixels[r * columns + c] = 0xff000000 | (grey << 16) | (grey << 8) | grey;
        }
      }
      picture.getContext('2d').putImageData(image, 0, 0);
    }

    function drawDistance(g, ratio, line, value) {
      const [a, b] = [line[0], line.at(-1)];
      // The part of the line within the slab.
      const [da, db] = [a[normal] - at[normal], b[normal] - at[normal]];
      const cut = (d) => (Math.abs(db - da) < 1e-9 ? (Math.abs(da) <= SLAB_MM ? null : NaN) : (d - da) / (db - da));
      const ends = [cut(-SLAB_MM), cut(SLAB_MM)];
      const [from, to] = ends[0] === null ? [0, 1] : [Math.max(0, Math.min(...ends)), Math.min(1, Math.max(...ends))];
      if (!(to > from)) {
        return;
      }
      const on = (s) => place(a.map((v, c) => v + s * (b[c] - v)));
      const [p, q] = [on(from), on(to)];
      g.strokeStyle = DISTANCE_COLOUR;
      g.lineWidth = 2 * ratio;
      g.beginPath();
      g.moveTo(...p);
      g.lineTo(...q);
      g.stroke();
      label(g, `${value.toFixed(1)}`, (p[0] + q[0]) / 2 + 6 * ratio, (p[1] + q[1]) / 2, DISTANCE_COLOUR);
    }

    function label(g, text, x, y, colour) {
      g.lineWidth = 3;
      g.strokeStyle = '#000';
      g.fillStyle = colour;
      g.strokeText(text, x, y);
      g.fillText(text, x, y);
    }

    function drawNow() {
      const ratio = devicePixelRatio || 1;
      const extent = [scan.sizes[across] * scan.spacing[across], scan.sizes[down] * scan.spacing[down]];
      element.style.setProperty('--share', extent[0]);
      canvas.style.aspectRatio = `${extent[0]} / ${extent[1]}`;
      const wide = Math.round(canvas.clientWidth * ratio);
      [canvas.width, canvas.height] = [wide, Math.round((wide * extent[1]) / extent[0])];
      const slice = index(normal);
      canvas.setAttribute('aria-valuemax', String(scan.sizes[normal] - 1));
      canvas.setAttribute('aria-valuenow', String(slice));
      canvas.setAttribute('aria-valuetext', `${at[normal].toFixed(1)} mm`);
      const g = canvas.getContext('2d');
      paint();
      g.imageSmoothingQuality = 'high';
      g.drawImage(picture, 0, 0, canvas.width, canvas.height);
      g.font = `${13 * ratio}px system-ui, sans-serif`;
      g.textBaseline = 'middle';
      g.lineWidth = 1.5 * ratio;
      const seen = Object.keys(outlines).filter((kind) => outlines[kind]);
      for (const mesh of seen.map((kind) => meshes?.find((m) => m.side === side && m.kind === kind)).filter(Boolean)) {
        g.strokeStyle = SEGMENT_COLOURS[mesh.kind];
        g.beginPath();
        const ends = outline(mesh, normal, at[normal]);
        for (let i = 0; i < ends.length; i += 2) {
          g.moveTo(...place(ends[i]));
          g.lineTo(...place(ends[i + 1]));
        }
        g.stroke();
      }
      const [x, y] = place(at);
      if (cross) {
        const gap = 8 * ratio;
        g.lineWidth = ratio;
        for (const [axis, parts] of [[across, [[x, 0, x, y - gap], [x, y + gap, x, canvas.height]]], [down, [[0, y, x - gap, y], [x + gap, y, canvas.width, y]]]]) {
          g.strokeStyle = PLANE_COLOURS[axis];
          g.beginPath();
          parts.forEach(([x0, y0, x1, y1]) => { g.moveTo(x0, y0); g.lineTo(x1, y1); });
          g.stroke();
        }
      }
      if (lines) {
        measured().forEach(([, measure]) => drawDistance(g, ratio, measure.lineMm, measure.value));
      }
      const [edge, w, h] = [12 * ratio, canvas.width, canvas.height];
      g.textAlign = 'center';
      const spots = [[edge, h / 2], [w - edge, h / 2], [w / 2, edge], [w / 2, h - edge]];
      plane.marks.forEach((mark, i) => label(g, t(`${mark}Mark`), ...spots[i], '#fff'));
      g.textAlign = 'left';
      const bar = SCALE_MM * scale();
      g.fillStyle = '#fff';
      g.fillRect(edge, h - edge, bar, 2 * ratio);
      label(g, `${SCALE_MM} mm`, edge, h - 2 * edge, '#fff');
    }

    return { element, draw: drawNow };
  }

  const resized = new ResizeObserver(draw);
  resized.observe(element);
  // Where there are none, the 3D view says why; the scan can be seen without.
  surfaces.catch(() => []).then((found) => { meshes = found; draw(); });
  if (sides.length) {
    open(side);
  }
  return { element, close: () => resized.disconnect() };
}
