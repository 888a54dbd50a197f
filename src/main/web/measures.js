import { el, t, table } from './dom.js';
import { mark, number } from './numbers.js';

/** Of the published values; about 95 of 100 healthy joints lie within. */
const NORMAL_SDS = 2;

/** Measures of both sides, beside what is published of healthy joints. */
export function measures(caption, names, joints) {
  const sources = [];
  const rows = names.map((name) => {
    const [left, right] = ['left', 'right'].map((side) => joints[side]?.measures[name]);
    const { meaning, normal } = left ?? right;
    if (normal && !sources.includes(normal.source)) {
      sources.push(normal.source);
    }
    return el('tr', {}, el('td', {}, meaning), cell(left), cell(right), difference(left, right),
      el('td', {}, normal ? [`${normal.mean}${normal.sd ? ` ± ${normal.sd}` : ''} `, el('sup', {}, String(sources.indexOf(normal.source) + 1))] : '–'));
  });
  return el('div', {}, table(caption, [t('measure'), t('left'), t('right'), t('difference'), t('normal')], rows),
    sources.length ? el('ol', { class: 'faint sources' }, sources.map((source) => el('li', {}, source))) : null);
}

function cell(m) {
  const outside = m?.normal?.sd && Math.abs(m.value - m.normal.mean) > NORMAL_SDS * m.normal.sd;
  return el('td', { class: `number ${outside ? 'warn' : ''}` }, number(m), outside ? mark(t('outside')) : null);
}

/** Left minus right; nobody has published from where on it is too much. */
function difference(left, right) {
  if (!left || !right) {
    return el('td', { class: 'number' }, '–');
  }
  const value = left.value - right.value;
  const mean = (Math.abs(left.value) + Math.abs(right.value)) / 2;
  const percent = left.unit === 'deg' || mean === 0 ? '' : ` (${((100 * value) / mean).toFixed(0)} %)`;
  return el('td', { class: 'number' }, `${value > 0 ? '+' : ''}${number({ ...left, value })}${percent}`);
}

/** S_LR, H_LR and their companions, beside the patients of the paper. */
export function symmetry({ measures: all, registrationResidualMm }) {
  const published = Object.values(all).find((m) => m.published)?.published;
  const range = ([low, high]) => `${low}–${high}`;
  return el('div', {},
    table(t('symmetry'), [t('measure'), t('value'), t('healthy'), t('diseased')], Object.values(all).map((m) => {
      const asymmetric = m.published && m.value >= m.published.diseased[0];
      return el('tr', {}, el('td', {}, m.meaning),
        el('td', { class: `number ${asymmetric ? 'warn' : ''}` }, number(m), asymmetric ? mark(t('asymmetric')) : null),
        el('td', { class: 'number' }, m.published ? range(m.published.healthy) : '–'),
        el('td', { class: 'number' }, m.published ? range(m.published.diseased) : '–'));
    })),
    el('p', { class: 'faint' }, published ? `${t('publishedBy', { source: published.source })} ` : '', t('residual', { mm: registrationResidualMm.toFixed(2) })));
}
