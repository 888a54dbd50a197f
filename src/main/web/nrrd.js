/** Reads a volume of signed 16-bit numbers along the patient's axes (LPS mm) from NRRD. */
export function parseNrrd(buffer) {
  const bytes = new Uint8Array(buffer);
  let end = 0;
  while (end < bytes.length && !(bytes[end] === 10 && bytes[end + 1] === 10)) {
    end++;
  }
  const fields = Object.fromEntries(new TextDecoder('ascii').decode(bytes.subarray(0, end)).split('\n').slice(1).map((line) => line.split(': ')));
  const numbers = (text) => text.match(/-?[\d.]+/g).map(Number);
  const steps = numbers(fields['space directions']);
  return {
    sizes: numbers(fields.sizes),
    spacing: [steps[0], steps[4], steps[8]],
    origin: numbers(fields['space origin']),
    values: new Int16Array(buffer.slice(end + 2)),
  };
}
