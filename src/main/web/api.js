/** Asks the node; throws what it says is wrong. */
export async function get(path, accept = 'application/json') {
  const answer = await fetch(path, { headers: { Accept: accept } });
  if (!answer.ok) {
    throw await problem(answer);
  }
  return accept.endsWith('json') ? answer.json() : answer.arrayBuffer();
}

export async function post(path) {
  const answer = await fetch(path, { method: 'POST' });
  if (!answer.ok) {
    throw await problem(answer);
  }
  return answer.headers.get('Content-Type')?.includes('json') ? answer.json() : null;
}

async function problem(answer) {
  let message = `${answer.status} ${answer.statusText}`;
  try {
    message = (await answer.json()).message ?? message;
  } catch {
    // No body, or none that is JSON: the status must do.
  }
  const error = new Error(message);
  error.status = answer.status;
  return error;
}

/** Hears of changes until the returned function is called. */
export function events(changed, connected) {
  const source = new EventSource('api/studies/events');
  source.onmessage = (event) => changed(JSON.parse(event.data));
  source.onopen = () => connected(true);
  source.onerror = () => connected(false);
  return () => source.close();
}

/** A query string of what is not empty. */
export function query(parameters) {
  const filled = Object.entries(parameters).filter(([, value]) => value);
  return new URLSearchParams(filled).toString();
}
