import { get, post } from './api.js';
import { el, state, t, table, when } from './dom.js';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
const SOON_DAYS = 30;

/** Bytes for people. */
export function bytes(count) {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, count)) / 3));
  return `${(count / 1000 ** power).toFixed(power ? 1 : 0)} ${UNITS[power]}`;
}

/** What an operator wants to know of the node. */
export function operator(main) {
  document.title = `${t('node')} – ${t('title')}`;
  const body = el('div', {}, el('p', {}, t('loading')));
  const storage = el('div', {}, el('p', {}, t('loading')));
  main.append(el('h1', {}, t('node')), body);

  async function load() {
    try {
      body.replaceChildren(...page(await get('api/node')));
    } catch (error) {
      body.replaceChildren(el('p', { class: 'bad', role: 'alert' }, error.status === 403 ? t('operatorsOnly') : t('failed', { why: error.message })));
      return;
    }
    try {
      storage.replaceChildren(disk(await get('api/node/storage')));
    } catch (error) {
      storage.replaceChildren(el('p', { class: 'bad' }, t('failed', { why: error.message })));
    }
  }

  function page(node) {
    return [
      facts(t('node'), [
        [t('aeTitle'), node.aeTitle], [t('roles'), node.roles.map((r) => r.toLowerCase()).join(', ')],
        [t('negvolVersion'), node.version], [t('java'), t('javaOn', { version: node.java, cores: node.cores, memory: bytes(node.memoryBytes) })],
        [t('certificate'), certificate(node.certificateNotAfter)]]),
      el('h2', {}, t('destinations')), destinations(node.destinations),
      el('h2', {}, t('callers')),
      el('p', {}, t(`unknown${node.unknownCallers}`)),
      node.callers.length ? table(t('callers'), [t('name'), t('aeTitle'), t('network')], node.callers.map((c) => row([c.name, c.aeTitle, c.network])), true) : null,
      el('h2', {}, t('storage')), storage,
      el('h2', {}, t('models')),
      table(t('models'), [t('name'), t('versionOf'), 'SHA-256', t('licence'), t('trainedOn')], node.models.map((m) => row([m.name, m.version, el('span', { class: 'uid' }, m.sha256), m.licence, m.trainedOn])), true),
      el('h2', {}, t('troubles')),
      node.troubles.length ? table(t('troubles'), [t('at'), t('study'), t('destination'), t('outcome')], node.troubles.map((p) => row([
        when(p.at), el('a', { href: `#/study/${p.studyInstanceUid}` }, p.studyInstanceUid), p.destination || '–', p.sentence])), true) : el('p', { class: 'good' }, t('noTroubles')),
      el('details', {}, el('summary', {}, t('log', { n: node.log.length })), table(t('log', { n: node.log.length }), [t('at'), t('level'), t('outcome')], node.log.map((l) => row([
        when(l.at), el('span', { class: l.level === 'WARN' || l.level === 'WARNING' ? 'warn' : 'bad' }, l.level), [l.message, el('div', { class: 'faint' }, l.logger)]])), true)),
      el('details', {}, el('summary', {}, t('configuration')), table(t('configuration'), [t('key'), t('value'), t('source')], node.configuration.map((c) => row([c.key, c.value, c.source])), true)),
    ].filter(Boolean);
  }

  function destinations(all) {
    if (all.length === 0) {
      return el('p', {}, t('noDestinations'));
    }
    return table(t('destinations'), [t('name'), t('aeTitle'), t('address'), t('object'), t('waiting'), t('echo')], all.map((d) => {
      const said = el('span', { role: 'status' });
      return row([d.name, d.aeTitle, `${d.host}:${d.port}${d.tls ? ` (${t('tls')})` : ''}`, d.options || t('usual'),
        d.backlog.length ? d.backlog.map((b) => el('div', {}, state(b.state), ` ${b.objects}`)) : '0',
        [el('button', { type: 'button', 'aria-label': t('echoOf', { name: d.name }), onclick: (event) => echo(event.target, d.name, said) }, t('echo')), ' ', said]]);
    }), true);
  }

  async function echo(button, name, said) {
    button.disabled = true;
    said.className = '';
    said.textContent = t('calling');
    try {
      const answer = await post(`api/node/destinations/${encodeURIComponent(name)}/echo`);
      said.className = answer.answers ? 'good' : 'bad';
      said.textContent = answer.sentence;
    } catch (error) {
      said.className = 'bad';
      said.textContent = error.message;
    }
    button.disabled = false;
  }

  load();
  return () => {};
}

const row = (cells) => el('tr', {}, cells.map((cell) => el('td', {}, cell)));

function facts(caption, pairs) {
  return el('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption }, el('table', { class: 'facts' }, el('tbody', {},
    pairs.map(([name, value]) => el('tr', {}, el('th', { scope: 'row' }, name), el('td', {}, value))))));
}

function certificate(notAfter) {
  if (!notAfter) {
    return t('noCertificate');
  }
  const days = Math.floor((new Date(notAfter) - Date.now()) / 86_400_000);
  return el('span', { class: days < SOON_DAYS ? 'bad' : '' }, t('validUntil', { date: when(notAfter), days }));
}

function disk(d) {
  const short = d.usableBytes < 2 * d.minFreeBytes;
  return facts(t('storage'), [
    [t('folder'), d.folder],
    [t('disk'), el('span', { class: short ? 'bad' : '' }, t('free', { free: bytes(d.usableBytes), total: bytes(d.totalBytes), least: bytes(d.minFreeBytes) }))],
    [t('archive'), t('kept', { studies: d.index.studies, instances: d.index.instances, bytes: bytes(d.index.instanceBytes), removals: d.index.removals })],
    [t('database'), t('databaseIs', { version: d.index.version, schema: d.index.schema, bytes: bytes(d.index.databaseBytes) })],
  ]);
}
