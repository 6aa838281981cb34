//! The description of the API: what the handlers say of themselves, and what is true of all of them.

use axum::Router;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{
    ComponentsBuilder, Content, InfoBuilder, LicenseBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder,
    Schema,
    path::{Operation, Parameter, ParameterIn},
};
use utoipa::{PartialSchema, ToSchema};

use super::{Code, FieldProblem, Problem, ProblemBody};
use crate::App;

/// Adds what every operation shares, so that no handler has to repeat it: how to log in, and every refusal.
pub(crate) fn complete(mut api: OpenApi) -> OpenApi {
    api.info = InfoBuilder::new()
        .title("Faff")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(description()))
        .license(Some(
            LicenseBuilder::new().name("MIT OR Apache-2.0").identifier(Some("MIT OR Apache-2.0")).build(),
        ))
        .build();
    let components = api.components.take().unwrap_or_default();
    let mut components = ComponentsBuilder::from(components)
        .schema("Problem", ProblemBody::schema())
        .schema(FieldProblem::name(), FieldProblem::schema())
        .build();
    let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    let cookie = ApiKeyValue::with_description(
        "faff_session",
        "For browsers of the same origin; `__Host-faff_session` in production and over TLS. Writes then need the header `X-Faff-CSRF: 1`.",
    );
    for schema in components.schemas.values_mut() {
        bound_ids(schema);
    }
    components.add_security_scheme("token", bearer);
    components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    api.components = Some(components);
    for (path, item) in &mut api.paths.paths {
        let by_id = path.contains('{');
        for (writes, operation) in
            [(false, &mut item.get), (true, &mut item.post), (true, &mut item.put), (true, &mut item.delete)]
        {
            if let Some(operation) = operation {
                complete_operation(operation, writes, by_id);
            }
        }
    }
    api
}

/// Every operation may refuse with these; those that need no login say so by an empty list of requirements.
fn complete_operation(operation: &mut Operation, writes: bool, by_id: bool) {
    let public = operation.security.as_ref().is_some_and(Vec::is_empty);
    let login = operation.responses.responses.contains_key("401");
    if !public {
        let empty: [&str; 0] = [];
        operation.security =
            Some(vec![SecurityRequirement::new("token", empty), SecurityRequirement::new("cookie", empty)]);
    }
    for parameter in operation.parameters.iter_mut().flatten() {
        if let RefOr::T(parameter) = parameter {
            bound_id(parameter);
        }
    }
    let takes_body = operation.request_body.is_some();
    let takes_values =
        takes_body || by_id || operation.parameters.as_ref().is_some_and(|all| !all.is_empty());
    let mut refusals: Vec<(&str, &str)> =
        vec![("429", "Too many requests"), ("500", "A fault of the server")];
    refusals.push(("503", "Busy, or the database cannot be reached"));
    if takes_values {
        refusals.push(("400", "A value is missing, unknown or out of range"));
    }
    if !public || login {
        refusals.push(("401", "No login, or one that has ended"));
    }
    if writes && !public {
        refusals.push(("403", "Visible, but not allowed"));
    }
    if by_id || takes_body {
        refusals.push(("404", "It does not exist, or not for you"));
    }
    if takes_body {
        refusals.push(("408", "The body did not arrive in time"));
        refusals.push(("413", "The body is too large"));
        refusals.push(("415", "The body is not JSON"));
    }
    for (status, description) in refusals {
        operation
            .responses
            .responses
            .entry(status.to_owned())
            .or_insert_with(|| RefOr::T(refusal(description)));
    }
    for (status, response) in &mut operation.responses.responses {
        // Handlers name a refusal; its body is always the same.
        if let RefOr::T(response) = response
            && status.starts_with(['4', '5'])
            && response.content.is_empty()
        {
            *response = refusal(&response.description);
        }
    }
}

/// Ids in the path have bounds.
fn bound_id(parameter: &mut Parameter) {
    if let Some(schema) = &mut parameter.schema
        && matches!(parameter.parameter_in, ParameterIn::Path)
    {
        bound(schema);
    }
}

/// So have those in bodies.
fn bound_ids(schema: &mut RefOr<Schema>) {
    if let RefOr::T(Schema::Object(schema)) = schema {
        let ids = schema.properties.iter_mut().filter(|(name, _)| *name == "id" || name.ends_with("Id"));
        ids.for_each(|(_, schema)| bound(schema));
    }
}

fn bound(schema: &mut RefOr<Schema>) {
    if let RefOr::T(Schema::Object(schema)) = schema
        && schema.format.is_some()
    {
        schema.minimum = Some(utoipa::Number::Int(1));
        schema.maximum = Some(utoipa::Number::Int(isize::try_from(faff_types::MAX_ID).unwrap_or(isize::MAX)));
    }
}

fn refusal(description: &str) -> Response {
    let content = Content::new(Some(RefOr::Ref(Ref::from_schema_name("Problem"))));
    ResponseBuilder::new().description(description).content("application/json", content).build()
}

fn description() -> String {
    use std::fmt::Write as _;
    let mut text = "Tickets that are live, threaded conversations.\n\n\
        Texts are markdown; a field that ends in `Html` is the same as HTML that is safe to show. `@[Bo Ek](user:7)` in a \
        description or a message mentions the account 7, who finds it in the inbox if the ticket exists for them; in the HTML \
        it is `<span class=\"mention\" data-user-id=\"7\">` with the name that the account had then.\n\n\
        Every refusal has the shape of `Problem`; programs may decide by its `code`:\n\n\
        | code | status | meaning |\n|---|---|---|\n"
        .to_owned();
    for (code, status, meaning) in Code::ALL {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "| `{code}` | {} | {} |", status.as_u16(), meaning.trim());
    }
    text
}

/// Swagger UI sets styles of its own; it loads scripts from us only.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
                          img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";

/// `/api/openapi.json` for programs and `/api/docs` for people; both work without a network.
pub(crate) fn pages(api: &OpenApi) -> Router<App> {
    let json: axum::body::Bytes = api.to_json().unwrap_or_default().into();
    let config = utoipa_swagger_ui::Config::from("/api/openapi.json").validator_url("none");
    let docs: Router<App> = utoipa_swagger_ui::SwaggerUi::new("/api/docs").config(config).into();
    let docs = docs.layer(axum::middleware::map_response(|mut response: axum::response::Response| async {
        if response.status() == StatusCode::NOT_FOUND {
            let message = "There is no such page of the documentation; see /api/docs";
            return Problem::new(Code::NotFound, message).into_response();
        }
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        response
    }));
    let serve = move || async move { ([(header::CONTENT_TYPE, "application/json")], json).into_response() };
    docs.route("/api/openapi.json", get(serve))
}
