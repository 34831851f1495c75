//! As much of JSON Schema 2020-12 as our `OpenAPI` document uses.

use serde_json::Value;

/// Follows a `$ref` within the document.
pub(crate) fn resolve<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    match value["$ref"].as_str() {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
        None => value,
    }
}

/// Says where a value does not fit its schema. A member that an object's schema does not name does
/// not fit, unless the schema says that there may be others.
pub(crate) fn misfit(document: &Value, schema: &Value, value: &Value) -> Option<String> {
    let schema = resolve(document, schema);
    for list in ["oneOf", "anyOf"] {
        if let Some(choices) = schema[list].as_array() {
            let fits = choices
                .iter()
                .any(|choice| misfit(document, choice, value).is_none());
            return (!fits).then(|| format!("{value} fits none of {list}"));
        }
    }
    let all = schema["allOf"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let misfits = all.iter().find_map(|part| misfit(document, part, value));
    misfits
        .or_else(|| wrong_type(schema, value))
        .or_else(|| wrong_word(schema, value))
        .or_else(|| wrong_member(document, schema, value))
        .or_else(|| wrong_item(document, schema, value))
}

fn wrong_type(schema: &Value, value: &Value) -> Option<String> {
    let types = match &schema["type"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    let is = |name: &&str| match *name {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "object" => value.is_object(),
        "array" => value.is_array(),
        "null" => value.is_null(),
        _ => false,
    };
    (!types.iter().any(is)).then(|| format!("{value} is none of {types:?}"))
}

fn wrong_word(schema: &Value, value: &Value) -> Option<String> {
    let words = schema["enum"].as_array()?;
    (!words.contains(value)).then(|| format!("{value} is none of {words:?}"))
}

fn wrong_member(document: &Value, schema: &Value, value: &Value) -> Option<String> {
    let members = value.as_object()?;
    let required = schema["required"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let missing = required
        .iter()
        .filter_map(Value::as_str)
        .find(|name| !members.contains_key(*name));
    if let Some(name) = missing {
        return Some(format!("{name} is missing in {value}"));
    }
    let known = schema["properties"].as_object()?;
    let others = &schema["additionalProperties"];
    members
        .iter()
        .find_map(|(name, value)| match known.get(name) {
            Some(schema) => {
                misfit(document, schema, value).map(|misfit| format!("{name}: {misfit}"))
            }
            None if others.is_null() || *others == false => {
                Some(format!("{name} is not documented"))
            }
            None => None,
        })
}

fn wrong_item(document: &Value, schema: &Value, value: &Value) -> Option<String> {
    let items = schema.get("items")?;
    value
        .as_array()?
        .iter()
        .find_map(|value| misfit(document, items, value))
}
