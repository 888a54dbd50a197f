import { cohort } from './cohort.js';
import { el, t } from './dom.js';
import { operator } from './operator.js';
import { worklist } from './worklist.js';
import { study } from './study.js';

const VIEWS = { '#/': { key: 'worklist', show: worklist }, '#/cohort': { key: 'cohort', show: cohort }, '#/node': { key: 'node', show: operator } };

const main = el('main', { id: 'content', tabindex: '-1' });
document.body.append(
  el('a', { class: 'skip', href: '#content', onclick: (event) => { event.preventDefault(); main.focus(); } }, t('skip')),
  el('header', {}, el('strong', {}, el('a', { href: '#/' }, t('title'))), el('nav', { class: 'row', 'aria-label': t('title') }, Object.entries(VIEWS).map(([hash, { key }]) => el('a', { href: hash }, t(key))))),
  main,
  el('footer', {}, t('notForDiagnosis')));

let leave = () => {};

function show() {
  leave();
  main.replaceChildren();
  const uid = /^#\/study\/([0-9.]+)$/.exec(location.hash)?.[1];
  leave = uid ? study(main, uid) : (VIEWS[location.hash] ?? VIEWS['#/']).show(main);
  document.querySelectorAll('nav a').forEach((link) => (link.hash === (location.hash || '#/') ? link.setAttribute('aria-current', 'page') : link.removeAttribute('aria-current')));
  main.focus({ preventScroll: true });
}

addEventListener('hashchange', show);
show();
