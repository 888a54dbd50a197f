import { get, query } from './api.js';
import { histogram, scatter } from './chart.js';
import { el, t, table } from './dom.js';
import { unit } from './numbers.js';
import { correlation, moments, quantile } from './statistics.js';

/** Fewer pairs say nothing of a correlation. */
const LEAST_PAIRS = 3;
const SYMMETRY = ['SYMMETRY_RATIO', 'HAUSDORFF_DISTANCE', 'HAUSDORFF_95', 'MEAN_SURFACE_DISTANCE', 'MIRRORED_DICE', 'VOLUME_RATIO', 'WASSERSTEIN_DISTANCE'];
const CLASSICAL = ['NEGATIVE_VOLUME', 'ANTERIOR_JOINT_SPACE', 'SUPERIOR_JOINT_SPACE', 'POSTERIOR_JOINT_SPACE', 'MEDIAL_JOINT_SPACE', 'LATERAL_JOINT_SPACE',
  'FOSSA_WIDTH', 'FOSSA_DEPTH', 'CONDYLE_WIDTH', 'CONDYLE_DEPTH', 'HORIZONTAL_CONDYLAR_ANGLE', 'SAGITTAL_RAMUS_ANGLE'];
/** How the two sides of a classical distance become one number. */
const SIDES = {
  absoluteDifference: (left, right) => Math.abs(left - right),
  meanOfSides: (left, right) => (left + right) / 2,
};

/** All studies together. */
export function cohort(main) {
  document.title = `${t('cohort')} – ${t('title')}`;
  const sex = el('select', { name: 'sex' }, el('option', { value: '' }, t('any')), ['F', 'M', 'O'].map((s) => el('option', { value: s }, t(`sex${s}`))));
  const from = el('input', { name: 'from', type: 'number', min: '0', max: '130' });
  const to = el('input', { name: 'to', type: 'number', min: '0', max: '130' });
  const form = el('form', { onsubmit: (event) => { event.preventDefault(); load(); } },
    el('label', {}, t('sex'), sex), el('label', {}, t('ageFrom'), from), el('label', {}, t('ageTo'), to), el('button', {}, t('apply')));
  const body = el('div', {}, el('p', {}, t('loading')));
  main.append(el('h1', {}, t('cohort')), form, body);

  async function load() {
    const wish = query({ sex: sex.value, from: from.value, to: to.value });
    try {
      const data = await get(`api/cohort?${wish}`);
      const downloads = el('p', { class: 'row' }, ['csv', 'parquet'].map((kind) => el('a', { href: `api/cohort/table.${kind}?${wish}`, download: `negvol-cohort.${kind}` }, t(`export_${kind}`))));
      body.replaceChildren(el('p', { role: 'status' }, t('members', { n: data.members.length })), downloads,
        ...(data.members.length ? [distribution(data), heatMap(data)] : []));
    } catch (error) {
      body.replaceChildren(el('p', { class: 'bad', role: 'alert' }, t('failed', { why: error.message })));
    }
  }

  load();
  return () => {};
}

/** The values of a column; NaN where not measured. */
function values(data, key) {
  const at = data.columns.findIndex((c) => c.key === key);
  return data.members.map((m) => (at < 0 ? NaN : m.numbers[at] ?? NaN));
}

/** One measure: how it is spread on either side, and left against right. */
function distribution(data) {
  const names = [...new Map(data.columns.map((c) => [c.measure, c])).values()];
  const place = el('div', {});
  const choice = el('select', { onchange: show }, names.map((c) => el('option', { value: c.measure }, c.meaning)));
  function show() {
    const columns = data.columns.filter((c) => c.measure === choice.value);
    const { meaning, unit: ucum } = columns[0];
    const groups = columns.map((c) => ({ name: c.side === 'symmetry' ? 'one' : c.side, values: values(data, c.key).filter(Number.isFinite) }));
    const axis = unit(ucum) || t('value');
    const [left, right] = ['left', 'right'].map((side) => values(data, `${side}.${choice.value}`));
    const points = left.map((y, i) => ({ x: right[i], y })).filter((p) => Number.isFinite(p.x) && Number.isFinite(p.y));
    place.replaceChildren(
      el('div', { class: 'charts' },
        el('figure', {}, histogram(t('distributionOf', { what: meaning }), axis, t('studies'), groups),
          el('figcaption', {}, t('distributionOf', { what: meaning }), groups.length > 1 ? groups.map((g) => el('span', { class: `key ${g.name}` }, t(g.name))) : null)),
        points.length ? el('figure', {}, scatter(t('leftAgainstRight', { what: meaning }), `${t('right')}, ${axis}`, `${t('left')}, ${axis}`, points, true),
          el('figcaption', {}, t('leftAgainstRight', { what: meaning }))) : null),
      table(meaning, [t('side'), 'n', t('mean'), t('sd'), t('median'), '5 %', '95 %'], columns.map((c, i) => {
        const v = groups[i].values;
        const { n, mean, sd } = moments(v);
        return el('tr', {}, el('td', {}, c.side === 'symmetry' ? t('symmetry') : t(c.side)), [n, mean, sd, ...[0.5, 0.05, 0.95].map((q) => quantile(v, q))]
          .map((x, k) => el('td', { class: 'number' }, k === 0 ? String(x) : Number.isFinite(x) ? x.toFixed(2) : '–')));
      })));
  }
  show();
  return el('section', {}, el('h2', {}, t('distributions')), el('label', {}, t('measure'), choice), place);
}

/** The paper's Fig. 5b: how symmetry measures go with classical distances. */
function heatMap(data) {
  const place = el('div', {});
  const rows = SYMMETRY.filter((m) => data.columns.some((c) => c.key === `symmetry.${m}`));
  const heads = CLASSICAL.filter((m) => data.columns.some((c) => c.key === `left.${m}`));
  const meaning = (m) => data.columns.find((c) => c.measure === m).meaning;
  const choice = el('select', { onchange: show }, Object.keys(SIDES).map((name) => el('option', { value: name }, t(name))));
  function show() {
    const both = SIDES[choice.value];
    const distances = heads.map((m) => {
      const right = values(data, `right.${m}`);
      return values(data, `left.${m}`).map((left, i) => both(left, right[i]));
    });
    const cell = (xs, ys) => {
      const { n, r } = correlation(xs, ys);
      if (n < LEAST_PAIRS || !Number.isFinite(r)) {
        return el('td', { class: 'heat', title: t('tooFew', { n }) }, '–');
      }
      // Warm is positive, cold negative; the sign is written too.
      const strength = `${Math.round(Math.abs(r) * 70)}%`;
      return el('td', { class: 'heat', title: t('pairs', { n }), style: `background: color-mix(in srgb, ${r > 0 ? 'var(--warm)' : 'var(--cold)'} ${strength}, var(--back))` }, `${r > 0 ? '+' : '−'}${Math.abs(r).toFixed(2)}`);
    };
    const symmetry = rows.map((m) => values(data, `symmetry.${m}`));
    place.replaceChildren(table(t('correlations'), [t('measure'), ...rows.map(meaning)], [
      ...distances.map((xs, i) => el('tr', {}, el('th', { scope: 'row' }, meaning(heads[i])), symmetry.map((ys) => cell(xs, ys)))),
      ...symmetry.map((xs, i) => el('tr', {}, el('th', { scope: 'row' }, meaning(rows[i])), symmetry.map((ys) => cell(xs, ys))))], true));
  }
  show();
  return el('section', {}, el('h2', {}, t('correlations')), el('label', {}, t('classicalAs'), choice), el('p', { class: 'faint' }, t('correlationsExplained')), place);
}
