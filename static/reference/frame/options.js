/** The check of the integrator's options: as strict, and with the same words, as the measured component. What is
 * allowed lies in options.json; it follows the published types of `@openai/chatkit`, less `commands`, which the
 * measured build refuses. A schema there is the name of a kind of value or of another schema, a `$rule`, or an object
 * of schemas, whose optional keys end in "?". */
const METHOD = "[ChatKitMethod]";
const INVALID = "Invalid input";
const NO_STRATEGY = "When attachments are enabled, uploadStrategy must be provided in options.api.";

/** @type {Record<string, Kind>} Kinds of values beyond the types of the language. */
const KINDS = {
  method: [(value) => value === METHOD, (value) => `Expected function, received ${String(value)}`],
  "literal method": [(value) => value === METHOD, () => `${INVALID}: expected "${METHOD}"`],
  "lucide icon": [(value) => /^lucide:/.test(value), () => INVALID],
};

/** @param {unknown} value */
const typeOf = (value) => (value === null ? "null" : Array.isArray(value) ? "array" : typeof value);

/** @param {any} schema @param {any} value @param {Issue["path"]} path @param {any} shared schemas by name
 * @returns {Issue[]} */
function check(schema, value, path, shared) {
  const unless = (/** @type {boolean} */ right, message = INVALID) => (right ? [] : [{ path, message }]);
  const below = (/** @type {any} */ one, /** @type {string | number} */ key) =>
    check(one, value[key], [...path, key], shared);
  if (schema in shared) return check(shared[schema], value, path, shared);
  if (typeof schema === "string") {
    const types = schema.split(" or ");
    const said = `${INVALID}: expected ${types[0]}, received ${typeOf(value)}`;
    const [isOne, say] = KINDS[schema] ?? [() => types.includes(typeOf(value)), () => said];
    return unless(isOne(value), say(value));
  }
  const { $anyOf: any, $in: choice, $list: list, $record: record } = schema;
  if (any) return unless(any.some((/** @type {any} */ one) => !check(one, value, path, shared).length));
  if (choice) return unless((typeof choice === "string" ? choice.split(" ") : choice).includes(value));
  const mistaken = check(list ? "array" : "object", value, path, shared);
  if (mistaken.length) return mistaken;
  const given = Object.keys(value);
  if (list) return given.flatMap((key) => below(list, Number(key)));
  if (record) return given.flatMap((key) => below(record, key));
  const keys = Object.keys(schema).map((key) => key.replace("?", ""));
  const unknown = given.filter((key) => !keys.includes(key)).map((key) => `"${key}"`);
  const needed = keys.filter((key) => key in schema || value[key] !== undefined);
  const strange = `Unrecognized key${unknown.length > 1 ? "s" : ""}: ${unknown.join(", ")}`;
  const inside = needed.flatMap((key) => below(schema[key] ?? schema[`${key}?`], key));
  return [...unless(unknown.length === 0, strange), ...inside];
}

/** @param {Issue} issue */
function line({ path, message }) {
  const place = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`)).join("");
  return `✖ ${message}${place && `\n  → at ${place.slice(1)}`}`;
}

/** What is wrong with options, given what options.json holds: one line per fault and its place, the shallowest first.
 * @param {any} options @param {any} schema */
export function faultsOf(options, schema) {
  const issues = check(schema.options, options, [], schema).sort((a, b) => a.path.length - b.path.length);
  const { url, uploadStrategy } = issues.length ? {} : options.api;
  if (url && !uploadStrategy && options.composer?.attachments?.enabled) {
    issues.push({ path: [], message: NO_STRATEGY });
  }
  return issues.map(line).join("\n");
}
