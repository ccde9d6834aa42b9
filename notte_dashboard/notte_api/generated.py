# DO NOT EDIT: written by `python -m notte_dashboard.notte_api.regenerate` from openapi.json and overrides.json.
# mypy: disable-error-code="assignment"
from __future__ import annotations
from typing import Annotated, Any, Literal
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, RootModel, SecretStr
from datetime import timedelta as timedelta_aliased


class ErrorResponse(BaseModel):
    model_config = ConfigDict(
        extra="allow",
    )
    message: Annotated[str | None, Field(title="Message")] = None
    detail: Annotated[Any | None, Field(title="Detail")] = None
    status: Annotated[int | None, Field(title="Status")] = None
    error: Annotated[Any | None, Field(title="Error")] = None


class SessionResponse(BaseModel):
    session_id: Annotated[
        str,
        Field(
            description="The ID of the session (created or existing). Use this ID to interact with the session for the next operation.",
            title="Session Id",
        ),
    ]
    idle_timeout_minutes: Annotated[
        int,
        Field(
            description="Session idle timeout in minutes. Will timeout if now() > last access time + idle_timeout_minutes",
            title="Idle Timeout Minutes",
        ),
    ]
    max_duration_minutes: Annotated[
        int,
        Field(
            description="Session max duration in minutes. Will timeout if now() > creation time + max_duration_minutes",
            title="Max Duration Minutes",
        ),
    ] = 15
    created_at: Annotated[
        AwareDatetime, Field(description="Session creation time", title="Created At")
    ]
    closed_at: Annotated[
        AwareDatetime | None,
        Field(description="Session closing time", title="Closed At"),
    ] = None
    last_accessed_at: Annotated[
        AwareDatetime, Field(description="Last access time", title="Last Accessed At")
    ]
    duration: Annotated[
        timedelta_aliased | None,
        Field(description="Session duration", title="Duration"),
    ] = None
    status: Annotated[
        Literal["active", "closed", "error", "timed_out"],
        Field(description="Session status", title="Status"),
    ]
    steps: Annotated[
        list[dict[str, Any]] | None,
        Field(description="Steps of the session", title="Steps"),
    ] = None
    error: Annotated[
        str | None,
        Field(
            description="Error message if the operation failed to complete",
            title="Error",
        ),
    ] = None
    proxies: Annotated[
        bool,
        Field(
            description="Whether proxies were used for the session. True if any proxy was applied during session creation.",
            title="Proxies",
        ),
    ] = False
    browser_type: Annotated[
        Literal["chromium", "chrome", "firefox", "chrome-nightly", "chrome-turbo"],
        Field(title="Browser Type"),
    ] = "chromium"
    use_file_storage: Annotated[
        bool,
        Field(
            description="Whether FileStorage was attached to the session.",
            title="Use File Storage",
        ),
    ] = False
    network_request_bytes: Annotated[
        int,
        Field(
            description="Total byte usage for network requests.",
            title="Network Request Bytes",
        ),
    ] = 0
    network_response_bytes: Annotated[
        int,
        Field(
            description="Total byte usage for network responses.",
            title="Network Response Bytes",
        ),
    ] = 0
    user_agent: Annotated[
        str | None,
        Field(description="The user agent to use for the session", title="User Agent"),
    ] = None
    viewport_width: Annotated[
        int | None,
        Field(description="The width of the viewport", title="Viewport Width"),
    ] = None
    viewport_height: Annotated[
        int | None,
        Field(description="The height of the viewport", title="Viewport Height"),
    ] = None
    headless: Annotated[
        bool,
        Field(
            description="Whether to run the session in headless mode.", title="Headless"
        ),
    ] = True
    solve_captchas: Annotated[
        bool | None,
        Field(description="Whether to solve captchas.", title="Solve Captchas"),
    ] = None
    cdp_url: Annotated[
        str | None,
        Field(description="The URL to connect to the CDP server.", title="Cdp Url"),
    ] = None
    viewer_url: Annotated[
        str | None,
        Field(description="The remote session viewer URL.", title="Viewer Url"),
    ] = None
    web_bot_auth: Annotated[
        bool,
        Field(
            description="Whether to use web bot authentication.", title="Web Bot Auth"
        ),
    ] = False
    timeout_minutes: Annotated[int, Field(deprecated=True, title="Timeout Minutes")]


class ExternalProxy(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    type: Annotated[Literal["external"], Field(title="Type")] = "external"
    server: Annotated[str, Field(title="Server")]
    username: Annotated[str | None, Field(title="Username")] = None
    password: Annotated[str | None, Field(title="Password")] = None
    bypass: Annotated[str | None, Field(title="Bypass")] = None


class TailnetProxy(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    type: Annotated[Literal["tailnet"], Field(title="Type")] = "tailnet"
    oauth_client_id: Annotated[str, Field(title="Oauth Client Id")]
    oauth_client_secret: Annotated[str | None, Field(title="Oauth Client Secret")] = (
        None
    )


class SessionProfile(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    id: Annotated[
        str, Field(description="Profile ID to use for this session", title="Id")
    ]
    persist: Annotated[
        bool,
        Field(
            description="Whether to save browser state to profile on session close",
            title="Persist",
        ),
    ] = False


class ValidationError(BaseModel):
    loc: Annotated[list[str | int], Field(title="Location")]
    msg: Annotated[str, Field(title="Message")]
    type: Annotated[str, Field(title="Error Type")]
    input: Annotated[Any | None, Field(title="Input")] = None
    ctx: Annotated[dict[str, Any] | None, Field(title="Context")] = None


class AgentStatus(RootModel[Literal["active", "closed"]]):
    root: Annotated[Literal["active", "closed"], Field(title="AgentStatus")]


class ActionParameter(BaseModel):
    name: Annotated[str, Field(title="Name")]
    type: Annotated[str, Field(title="Type")]
    default: Annotated[str | None, Field(title="Default")] = None
    values: Annotated[list[str] | None, Field(title="Values")] = None


class AgentFunctionCodeResponse(BaseModel):
    python_script: Annotated[str, Field(title="Python Script")]
    json_actions: Annotated[list[dict[str, Any]], Field(title="Json Actions")]


class AgentStatusResponse(BaseModel):
    agent_id: Annotated[str, Field(title="Agent Id")]
    created_at: Annotated[AwareDatetime, Field(title="Created At")]
    session_id: Annotated[str, Field(title="Session Id")]
    status: Annotated[Literal["active", "closed"], Field(title="AgentStatus")]
    closed_at: Annotated[AwareDatetime | None, Field(title="Closed At")] = None
    saved: Annotated[bool, Field(title="Saved")] = False
    task: Annotated[str, Field(title="Task")]
    url: Annotated[str | None, Field(title="Url")] = None
    success: Annotated[bool | None, Field(title="Success")] = None
    answer: Annotated[str | None, Field(title="Answer")] = None
    steps: Annotated[list[dict[str, Any]] | None, Field(title="Steps")] = None


class BaseModelModel(BaseModel):
    pass


class BodyFileUploadStorageUploadsFilenamePost(BaseModel):
    file: Annotated[
        str,
        Field(
            json_schema_extra={"contentMediaType": "application/octet-stream"},
            title="File",
        ),
    ]


class BoundingBox(BaseModel):
    x: Annotated[float, Field(title="X")]
    y: Annotated[float, Field(title="Y")]
    width: Annotated[float, Field(title="Width")]
    height: Annotated[float, Field(title="Height")]
    scroll_x: Annotated[float, Field(title="Scroll X")]
    scroll_y: Annotated[float, Field(title="Scroll Y")]
    iframe_offset_x: Annotated[float, Field(title="Iframe Offset X")] = 0
    iframe_offset_y: Annotated[float, Field(title="Iframe Offset Y")] = 0
    viewport_width: Annotated[float, Field(title="Viewport Width")]
    viewport_height: Annotated[float, Field(title="Viewport Height")]
    notte_id: Annotated[str | None, Field(title="Notte Id")] = None


class CaptchaSolveAction(BaseModel):
    type: Annotated[Literal["captcha_solve"], Field(title="Type")] = "captcha_solve"
    category: Annotated[str, Field(title="Category")] = "Special Browser Actions"
    description: Annotated[str, Field(title="Description")] = (
        "Solve a CAPTCHA challenge on the current page. CRITICAL: Use this action as soon as you notice a captcha"
    )
    captcha_type: Annotated[
        Literal[
            "recaptcha",
            "hcaptcha",
            "image",
            "text",
            "auth0",
            "cloudflare",
            "datadome",
            "arkose labs",
            "geetest",
            "press&hold",
            "unknown",
        ]
        | None,
        Field(title="Captcha Type"),
    ] = None


class CloseTabAction(BaseModel):
    type: Annotated[Literal["close_tab"], Field(title="Type")] = "close_tab"
    category: Annotated[str, Field(title="Category")] = "Special Browser Actions"
    description: Annotated[str, Field(title="Description")] = "Close the current tab"


class CompletionAction(BaseModel):
    type: Annotated[Literal["completion"], Field(title="Type")] = "completion"
    category: Annotated[str, Field(title="Category")] = "Special Browser Actions"
    description: Annotated[str, Field(title="Description")] = (
        "Complete the task by returning the answer and terminate the browser session"
    )
    success: Annotated[bool, Field(title="Success")]
    answer: Annotated[str, Field(title="Answer")]


class Cookie(BaseModel):
    name: Annotated[str, Field(title="Name")]
    value: Annotated[str, Field(title="Value")]
    domain: Annotated[str, Field(title="Domain")]
    path: Annotated[str, Field(title="Path")]
    httpOnly: Annotated[bool, Field(title="Httponly")]
    expirationDate: Annotated[float | None, Field(title="Expirationdate")] = None
    hostOnly: Annotated[bool | None, Field(title="Hostonly")] = None
    sameSite: Annotated[
        Literal["Lax", "None", "Strict"] | None, Field(title="Samesite")
    ] = None
    secure: Annotated[bool | None, Field(title="Secure")] = None
    session: Annotated[bool | None, Field(title="Session")] = None
    storeId: Annotated[str | None, Field(title="Storeid")] = None
    expires: Annotated[float | None, Field(title="Expires")] = None
    partitionKey: Annotated[str | None, Field(title="Partitionkey")] = None


class Credential(BaseModel):
    username: Annotated[str | None, Field(title="Username")]
    email: Annotated[str | None, Field(title="Email")]
    url: Annotated[str, Field(title="Url")]


class EmailReadAction(BaseModel):
    type: Annotated[Literal["email_read"], Field(title="Type")] = "email_read"
    category: Annotated[str, Field(title="Category")] = "Special Browser Actions"
    description: Annotated[str, Field(title="Description")] = (
        "Read recent emails from the mailbox."
    )
    limit: Annotated[int, Field(title="Limit")] = 10
    timedelta: Annotated[str | None, Field(title="Timedelta")] = "PT5M"
    only_unread: Annotated[bool, Field(title="Only Unread")] = True


class EvaluateJsAction(BaseModel):
    type: Annotated[Literal["evaluate_js"], Field(title="Type")] = "evaluate_js"
    category: Annotated[str, Field(title="Category")] = "Special Browser Actions"
    description: Annotated[str, Field(title="Description")] = (
        "Evaluate JavaScript code on the current page and return the result. For simple cases, provide a single expression (e.g. `document.title`). For multi-statement code, wrap in an IIFE: `(() => { ...; return result; })()`"
    )
    code: Annotated[str, Field(title="Code")]


class ExecutionResponse(BaseModel):
    success: Annotated[bool, Field(title="Success")]
    message: Annotated[str, Field(title="Message")]


class FileInfo(BaseModel):
    name: Annotated[str, Field(title="Name")]
    size: Annotated[int, Field(title="Size")]
    file_ext: Annotated[str, Field(title="File Ext")]
    updated_at: Annotated[AwareDatetime | None, Field(title="Updated At")] = None


class FileLinkResponse(BaseModel):
    url: Annotated[str, Field(title="Url")]


class FileUploadResponse(BaseModel):
    success: Annotated[bool, Field(title="Success")]


class FormFillAction(BaseModel):
    type: Annotated[Literal["form_fill"], Field(title="Type")] = "form_fill"
    category: Annotated[str, Field(title="Category")] = "Special Browser Actions"
    description: Annotated[str, Field(title="Description")] = (
        "Fill a form with multiple values. Important: If you detect a form requesting personal information, try to use this action at first, and otherwise use the regular fill action. CRITICAL: If this action fails once, use the regular form fill instead."
    )
    value: Annotated[
        dict[
            Literal[
                "title",
                "first_name",
                "middle_name",
                "last_name",
                "full_name",
                "email",
                "company",
                "address1",
                "address2",
                "address3",
                "city",
                "state",
                "postal_code",
                "country",
                "phone",
                "cc_name",
                "cc_number",
                "cc_exp_month",
                "cc_exp_year",
                "cc_exp",
                "cc_cvv",
                "username",
                "password",
                "current_password",
                "new_password",
                "totp",
            ],
            str | SecretStr,
        ],
        Field(min_length=1, title="Value"),
    ]


class GetCookiesResponse(BaseModel):
    cookies: Annotated[list[Cookie], Field(title="Cookies")]


class GoBackAction(BaseModel):
    type: Annotated[Literal["go_back"], Field(title="Type")] = "go_back"
    category: Annotated[str, Field(title="Category")] = "Special Browser Actions"
    description: Annotated[str, Field(title="Description")] = (
        "Go back to the previous page (in current tab)"
    )


class GoForwardAction(BaseModel):
    type: Annotated[Literal["go_forward"], Field(title="Type")] = "go_forward"
    category: Annotated[str, Field(title="Category")] = "Special Browser Actions"
    description: Annotated[str, Field(title="Description")] = (
        "Go forward to the next page (in current tab)"
    )


class GotoAction(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    type: Annotated[Literal["goto"], Field(title="Type")] = "goto"
    category: Annotated[str, Field(title="Category")] = "Special Browser Actions"
    description: Annotated[str, Field(title="Description")] = (
        "Goto to a URL (in current tab)"
    )
    url: Annotated[str, Field(title="Url")]


class GotoNewTabAction(BaseModel):
    type: Annotated[Literal["goto_new_tab"], Field(title="Type")] = "goto_new_tab"
    category: Annotated[str, Field(title="Category")] = "Special Browser Actions"
    description: Annotated[str, Field(title="Description")] = (
        "Goto to a URL (in new tab)"
    )
    url: Annotated[str, Field(title="Url")]


class HealthResponse(BaseModel):
    status: Annotated[str, Field(title="Status")] = "healthy"
    version: Annotated[str, Field(title="Version")] = "1.4.40"
    description: Annotated[str, Field(title="Description")] = (
        "Notte API is healthy and ready to serve requests. Docs available at https://docs.notte.cc"
    )


class HelpAction(BaseModel):
    type: Annotated[Literal["help"], Field(title="Type")] = "help"
    category: Annotated[str, Field(title="Category")] = "Special Browser Actions"
    description: Annotated[str, Field(title="Description")] = "Ask for clarification"
    reason: Annotated[str, Field(title="Reason")]


class ImageData(BaseModel):
    url: Annotated[str | None, Field(title="Url")] = None
    category: (
        Literal[
            "favicon", "icon", "content_image", "decorative", "svg_icon", "svg_content"
        ]
        | None
    ) = None
    description: Annotated[str | None, Field(title="Description")] = None


class LegacyAgentStatusResponse(AgentStatusResponse):
    pass


class ListCredentialsResponse(BaseModel):
    credentials: Annotated[list[Credential], Field(title="Credentials")]


class ListFilesResponse(BaseModel):
    files: Annotated[list[FileInfo], Field(title="Files")]


class NetworkBatchFile(BaseModel):
    key: Annotated[str, Field(title="Key")]
    size: Annotated[int, Field(title="Size")]
    download_url: Annotated[str | None, Field(title="Download Url")] = None
    download_url_expires_in_seconds: Annotated[
        int | None, Field(title="Download Url Expires In Seconds")
    ] = None


class NetworkLogsResponse(BaseModel):
    session_id: Annotated[str, Field(title="Session Id")]
    format: Annotated[str, Field(title="Format")] = "batched_v1"
    batches: Annotated[list[NetworkBatchFile], Field(title="Batches")]
    total_batch_count: Annotated[int, Field(title="Total Batch Count")]


class NodeSelectors(BaseModel):
    css_selector: Annotated[str, Field(title="Css Selector")]
    xpath_selector: Annotated[str, Field(title="Xpath Selector")]
    in_iframe: Annotated[bool, Field(title="In Iframe")]
    in_shadow_root: Annotated[bool, Field(title="In Shadow Root")]
    notte_selector: Annotated[str | None, Field(title="Notte Selector")] = None
    iframe_parent_css_selectors: Annotated[
        list[str], Field(title="Iframe Parent Css Selectors")
    ]
    playwright_selector: Annotated[str | None, Field(title="Playwright Selector")] = (
        None
    )
    python_selector: Annotated[str | None, Field(title="Python Selector")] = None


class ObserveRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    min_nb_actions: Annotated[int | None, Field(title="Min Nb Actions")] = None
    max_nb_actions: Annotated[int, Field(title="Max Nb Actions")] = 100
    instructions: Annotated[str | None, Field(title="Instructions")] = None
    perception_type: Annotated[
        Literal["fast", "deep"] | None, Field(title="Perception Type")
    ] = None


class PaginatedResponseSessionResponse(BaseModel):
    items: Annotated[list[SessionResponse], Field(title="Items")]
    page: Annotated[int, Field(title="Page")]
    page_size: Annotated[int, Field(title="Page Size")]
    has_next: Annotated[bool, Field(title="Has Next")]
    has_previous: Annotated[bool, Field(title="Has Previous")]


class PersonaResponse(BaseModel):
    persona_id: Annotated[str, Field(title="Persona Id")]
    status: Annotated[str, Field(title="Status")]
    first_name: Annotated[str, Field(title="First Name")]
    last_name: Annotated[str, Field(title="Last Name")]
    email: Annotated[str, Field(title="Email")]
    vault_id: Annotated[str | None, Field(title="Vault Id")]
    phone_number: Annotated[str | None, Field(title="Phone Number")]


class PressKeyAction(BaseModel):
    type: Annotated[Literal["press_key"], Field(title="Type")] = "press_key"
    category: Annotated[str, Field(title="Category")] = "Special Browser Actions"
    description: Annotated[str, Field(title="Description")] = (
        "Press a keyboard key: e.g. 'Enter', 'Backspace', 'Insert', 'Delete', etc."
    )
    key: Annotated[str, Field(title="Key")]


class ProfileCreateRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[str | None, Field(title="Name")] = None


class ProfileResponse(BaseModel):
    profile_id: Annotated[str, Field(title="Profile Id")]
    name: Annotated[str | None, Field(title="Name")]
    created_at: Annotated[AwareDatetime, Field(title="Created At")]
    updated_at: Annotated[AwareDatetime, Field(title="Updated At")]
    persisted_domains: Annotated[list[str] | None, Field(title="Persisted Domains")] = (
        None
    )


class ReloadAction(BaseModel):
    type: Annotated[Literal["reload"], Field(title="Type")] = "reload"
    category: Annotated[str, Field(title="Category")] = "Special Browser Actions"
    description: Annotated[str, Field(title="Description")] = "Reload the current page"


class ReplayResponse(BaseModel):
    playlist_content: Annotated[str | None, Field(title="Playlist Content")] = None
    mp4_url: Annotated[str | None, Field(title="Mp4 Url")] = None
    expires_at: Annotated[str, Field(title="Expires At")]
    video_start_ms: Annotated[int | None, Field(title="Video Start Ms")] = None
    video_duration_ms: Annotated[int | None, Field(title="Video Duration Ms")] = None


class ScrapeAction(BaseModel):
    type: Annotated[Literal["scrape"], Field(title="Type")] = "scrape"
    category: Annotated[str, Field(title="Category")] = "Special Browser Actions"
    description: Annotated[str, Field(title="Description")] = (
        "Scrape the current page data in text format. If `instructions` is null then the whole page will be scraped. Otherwise, only the data that matches the instructions will be scraped. Instructions should be given as natural language, e.g. 'Extract the title and the price of the product'"
    )
    instructions: Annotated[str | None, Field(title="Instructions")] = None
    only_main_content: Annotated[bool, Field(title="Only Main Content")] = True
    selector: Annotated[str | None, Field(title="Selector")] = None
    only_images: Annotated[bool, Field(title="Only Images")] = False
    scrape_links: Annotated[bool, Field(title="Scrape Links")] = True
    scrape_images: Annotated[bool, Field(title="Scrape Images")] = False
    ignored_tags: Annotated[list[str] | None, Field(title="Ignored Tags")] = None
    response_format: Annotated[
        dict[str, Any] | None, Field(title="Response Format")
    ] = None


class ScrapeRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    selector: Annotated[str | None, Field(title="Selector")] = None
    scrape_links: Annotated[bool, Field(title="Scrape Links")] = True
    scrape_images: Annotated[bool, Field(title="Scrape Images")] = False
    ignored_tags: Annotated[list[str] | None, Field(title="Ignored Tags")] = None
    only_main_content: Annotated[bool, Field(title="Only Main Content")] = False
    only_images: Annotated[bool, Field(title="Only Images")] = False
    response_format: Annotated[Any, Field(title="Response Format")] = None
    instructions: Annotated[str | None, Field(title="Instructions")] = None
    use_link_placeholders: Annotated[bool, Field(title="Use Link Placeholders")] = False


class Screenshot(BaseModel):
    raw: Annotated[
        str,
        Field(
            json_schema_extra={"contentMediaType": "application/octet-stream"},
            title="Raw",
        ),
    ]
    bboxes: Annotated[list[BoundingBox] | None, Field(title="Bboxes")] = None
    last_action_id: Annotated[str | None, Field(title="Last Action Id")] = None


class ScrollDownAction(BaseModel):
    type: Annotated[Literal["scroll_down"], Field(title="Type")] = "scroll_down"
    category: Annotated[str, Field(title="Category")] = "Special Browser Actions"
    description: Annotated[str, Field(title="Description")] = (
        "Scroll down by a given amount of pixels. Use `null` for scrolling down one page"
    )
    amount: Annotated[int | None, Field(title="Amount")] = None


class ScrollUpAction(BaseModel):
    type: Annotated[Literal["scroll_up"], Field(title="Type")] = "scroll_up"
    category: Annotated[str, Field(title="Category")] = "Special Browser Actions"
    description: Annotated[str, Field(title="Description")] = (
        "Scroll up by a given amount of pixels. Use `null` for scrolling up one page"
    )
    amount: Annotated[int | None, Field(title="Amount")] = None


class SelectDropdownOptionActionInput(BaseModel):
    type: Annotated[Literal["select_dropdown_option"], Field(title="Type")] = (
        "select_dropdown_option"
    )
    category: Annotated[str, Field(min_length=1, title="Category")] = (
        "Interaction Actions"
    )
    description: Annotated[str, Field(title="Description")] = (
        "Select an option from a dropdown. The `id` field should be set to the select element's id. Then you can either set the `value` field to the option's text or the `option_id` field to the option's `id`."
    )
    id: Annotated[str, Field(title="Id")] = ""
    selector: Annotated[str | NodeSelectors | None, Field(title="Selector")] = None
    press_enter: Annotated[bool | None, Field(title="Press Enter")] = None
    text_label: Annotated[str | None, Field(title="Text Label")] = None
    param: Annotated[ActionParameter | None, Field(validate_default=True)] = {
        "name": "value",
        "type": "str",
        "values": [],
    }
    timeout: Annotated[int, Field(ge=0, title="Timeout")] = 15000
    value: Annotated[str | SecretStr, Field(title="Value")]


class SelectDropdownOptionActionOutput(BaseModel):
    type: Annotated[Literal["select_dropdown_option"], Field(title="Type")] = (
        "select_dropdown_option"
    )
    category: Annotated[str, Field(min_length=1, title="Category")] = (
        "Interaction Actions"
    )
    description: Annotated[str, Field(title="Description")] = (
        "Select an option from a dropdown. The `id` field should be set to the select element's id. Then you can either set the `value` field to the option's text or the `option_id` field to the option's `id`."
    )
    id: Annotated[str, Field(title="Id")] = ""
    selector: Annotated[str | NodeSelectors | None, Field(title="Selector")] = None
    press_enter: Annotated[bool | None, Field(title="Press Enter")] = None
    text_label: Annotated[str | None, Field(title="Text Label")] = None
    timeout: Annotated[int, Field(ge=0, title="Timeout")] = 15000
    value: Annotated[str | SecretStr, Field(title="Value")]


class SessionOffsetResponse(BaseModel):
    offset: Annotated[int, Field(title="Offset")]


class SmsReadAction(BaseModel):
    type: Annotated[Literal["sms_read"], Field(title="Type")] = "sms_read"
    category: Annotated[str, Field(title="Category")] = "Special Browser Actions"
    description: Annotated[str, Field(title="Description")] = (
        "Read sms messages received recently."
    )
    limit: Annotated[int, Field(title="Limit")] = 10
    timedelta: Annotated[str | None, Field(title="Timedelta")] = "PT5M"
    only_unread: Annotated[bool, Field(title="Only Unread")] = True


class StructuredDataBaseModel(BaseModel):
    success: Annotated[bool, Field(title="Success")] = True
    error: Annotated[str | None, Field(title="Error")] = None
    data: Annotated[
        BaseModelModel | dict[str, Any] | list[dict[str, Any]] | None,
        Field(title="Data"),
    ] = None


class SwitchTabAction(BaseModel):
    type: Annotated[Literal["switch_tab"], Field(title="Type")] = "switch_tab"
    category: Annotated[str, Field(title="Category")] = "Special Browser Actions"
    description: Annotated[str, Field(title="Description")] = (
        "Switch to a tab (identified by its index)"
    )
    tab_index: Annotated[int, Field(title="Tab Index")]


class TabsData(BaseModel):
    tab_id: Annotated[int, Field(title="Tab Id")]
    title: Annotated[str, Field(title="Title")]
    url: Annotated[str, Field(title="Url")]


class UploadFileActionInput(BaseModel):
    type: Annotated[Literal["upload_file"], Field(title="Type")] = "upload_file"
    category: Annotated[str, Field(min_length=1, title="Category")] = (
        "Interaction Actions"
    )
    description: Annotated[str, Field(title="Description")] = (
        "Upload file to interactive element with file path. Use with any upload file element, including button, input, a, span, div. CRITICAL: Use only this for file upload, do not use click."
    )
    id: Annotated[str, Field(title="Id")] = ""
    selector: Annotated[str | NodeSelectors | None, Field(title="Selector")] = None
    press_enter: Annotated[bool | None, Field(title="Press Enter")] = None
    text_label: Annotated[str | None, Field(title="Text Label")] = None
    param: Annotated[ActionParameter | None, Field(validate_default=True)] = {
        "name": "file_path",
        "type": "str",
        "values": [],
    }
    timeout: Annotated[int, Field(ge=0, title="Timeout")] = 15000
    file_path: Annotated[str, Field(title="File Path")]


class UploadFileActionOutput(BaseModel):
    type: Annotated[Literal["upload_file"], Field(title="Type")] = "upload_file"
    category: Annotated[str, Field(min_length=1, title="Category")] = (
        "Interaction Actions"
    )
    description: Annotated[str, Field(title="Description")] = (
        "Upload file to interactive element with file path. Use with any upload file element, including button, input, a, span, div. CRITICAL: Use only this for file upload, do not use click."
    )
    id: Annotated[str, Field(title="Id")] = ""
    selector: Annotated[str | NodeSelectors | None, Field(title="Selector")] = None
    press_enter: Annotated[bool | None, Field(title="Press Enter")] = None
    text_label: Annotated[str | None, Field(title="Text Label")] = None
    timeout: Annotated[int, Field(ge=0, title="Timeout")] = 15000
    file_path: Annotated[str, Field(title="File Path")]


class UsageLog(BaseModel):
    created_at: Annotated[AwareDatetime, Field(title="Created At")]
    duration_ms: Annotated[int, Field(title="Duration Ms")]
    endpoint: Annotated[str, Field(title="Endpoint")]


class UsageResponse(BaseModel):
    plan_type: Annotated[
        str
        | Literal[
            "free",
            "pro",
            "growth",
            "playground",
            "admin",
            "minoan",
            "proofs",
            "interview",
        ],
        Field(title="Plan Type"),
    ]
    period: Annotated[str, Field(title="Period")]
    session_count: Annotated[int, Field(title="Session Count")]
    function_count: Annotated[int, Field(title="Function Count")]
    browser_usage_cost: Annotated[float, Field(title="Browser Usage Cost")]
    proxy_usage_cost: Annotated[float, Field(title="Proxy Usage Cost")]
    llm_usage_cost: Annotated[float, Field(title="Llm Usage Cost")]
    function_usage_cost: Annotated[float, Field(title="Function Usage Cost")]
    total_cost: Annotated[float, Field(title="Total Cost")]
    subscription_limit_amount: Annotated[
        float, Field(title="Subscription Limit Amount")
    ]
    topup_limit_amount: Annotated[float, Field(title="Topup Limit Amount")]
    subscription_balance_amount: Annotated[
        float, Field(title="Subscription Balance Amount")
    ]
    topup_balance_amount: Annotated[float, Field(title="Topup Balance Amount")]
    balance_amount: Annotated[float, Field(title="Balance Amount")]
    is_usage_limit_exceeded: Annotated[bool, Field(title="Is Usage Limit Exceeded")]


class Vault(BaseModel):
    name: Annotated[str, Field(title="Name")]
    created_at: Annotated[AwareDatetime, Field(title="Created At")]
    vault_id: Annotated[str, Field(title="Vault Id")]
    for_persona: Annotated[bool, Field(title="For Persona")] = False


class VaultCreateRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    name: Annotated[str, Field(title="Name")] = "default"


class ViewportData(BaseModel):
    scroll_x: Annotated[int, Field(title="Scroll X")]
    scroll_y: Annotated[int, Field(title="Scroll Y")]
    viewport_width: Annotated[int, Field(title="Viewport Width")]
    viewport_height: Annotated[int, Field(title="Viewport Height")]
    total_width: Annotated[int, Field(title="Total Width")]
    total_height: Annotated[int, Field(title="Total Height")]


class WaitAction(BaseModel):
    type: Annotated[Literal["wait"], Field(title="Type")] = "wait"
    category: Annotated[str, Field(title="Category")] = "Special Browser Actions"
    description: Annotated[str, Field(title="Description")] = (
        "Wait for a given amount of time (in milliseconds)"
    )
    time_ms: Annotated[int, Field(ge=0, le=30000, title="Time Ms")]


class WebSocketUrls(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    cdp: Annotated[str, Field(title="Cdp")]
    recording: Annotated[str, Field(title="Recording")]
    logs: Annotated[str, Field(title="Logs")]


class RelevantInteraction(BaseModel):
    id: Annotated[str, Field(title="Id")]
    reason: Annotated[str, Field(title="Reason")]


class Action(BaseModel):
    model_config = ConfigDict(
        extra="allow",
    )
    type: str
    id: str | None = None


class AgentStepStart(BaseModel):
    step_number: Annotated[int, Field(title="Step Number")]
    agent_id: Annotated[str, Field(title="Agent Id")] = ""
    started_at: Annotated[AwareDatetime | None, Field(title="Started At")] = None


class AgentStepStop(BaseModel):
    step_number: Annotated[int, Field(title="Step Number")]
    agent_id: Annotated[str, Field(title="Agent Id")] = ""
    ended_at: Annotated[AwareDatetime | None, Field(title="Ended At")] = None


class TrajectoryStep(BaseModel):
    model_config = ConfigDict(
        extra="allow",
    )
    type: str
    value: dict[str, Any]


class HTTPValidationError(BaseModel):
    detail: Annotated[list[ValidationError] | None, Field(title="Detail")] = None


class NotteProxy(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    type: Annotated[Literal["notte"], Field(title="Type")] = "notte"
    id: Annotated[str | None, Field(title="Id")] = None
    country: (
        Literal[
            "ad",
            "ae",
            "af",
            "ag",
            "ai",
            "al",
            "am",
            "ao",
            "ar",
            "at",
            "au",
            "aw",
            "az",
            "ba",
            "bb",
            "bd",
            "be",
            "bf",
            "bg",
            "bh",
            "bi",
            "bj",
            "bm",
            "bn",
            "bo",
            "bq",
            "br",
            "bs",
            "bt",
            "bw",
            "by",
            "bz",
            "ca",
            "cd",
            "cg",
            "ch",
            "ci",
            "cl",
            "cm",
            "cn",
            "co",
            "cr",
            "cu",
            "cv",
            "cw",
            "cy",
            "cz",
            "de",
            "dj",
            "dk",
            "dm",
            "do",
            "dz",
            "ec",
            "ee",
            "eg",
            "es",
            "et",
            "fi",
            "fj",
            "fr",
            "ga",
            "gb",
            "gd",
            "ge",
            "gf",
            "gg",
            "gh",
            "gi",
            "gm",
            "gn",
            "gp",
            "gq",
            "gr",
            "gt",
            "gu",
            "gw",
            "gy",
            "hk",
            "hn",
            "hr",
            "ht",
            "hu",
            "id",
            "ie",
            "il",
            "im",
            "in",
            "iq",
            "ir",
            "is",
            "it",
            "je",
            "jm",
            "jo",
            "jp",
            "ke",
            "kg",
            "kh",
            "kn",
            "kr",
            "kw",
            "ky",
            "kz",
            "la",
            "lb",
            "lc",
            "lk",
            "lr",
            "ls",
            "lt",
            "lu",
            "lv",
            "ly",
            "ma",
            "md",
            "me",
            "mf",
            "mg",
            "mk",
            "ml",
            "mm",
            "mn",
            "mo",
            "mq",
            "mr",
            "mt",
            "mu",
            "mv",
            "mw",
            "mx",
            "my",
            "mz",
            "na",
            "nc",
            "ne",
            "ng",
            "ni",
            "nl",
            "no",
            "np",
            "nz",
            "om",
            "pa",
            "pe",
            "pf",
            "pg",
            "ph",
            "pk",
            "pl",
            "pr",
            "ps",
            "pt",
            "py",
            "qa",
            "re",
            "ro",
            "rs",
            "ru",
            "rw",
            "sa",
            "sc",
            "sd",
            "se",
            "sg",
            "si",
            "sk",
            "sl",
            "sm",
            "sn",
            "so",
            "sr",
            "ss",
            "st",
            "sv",
            "sx",
            "sy",
            "sz",
            "tc",
            "tg",
            "th",
            "tj",
            "tm",
            "tn",
            "tr",
            "tt",
            "tw",
            "tz",
            "ua",
            "ug",
            "us",
            "uy",
            "uz",
            "vc",
            "ve",
            "vg",
            "vi",
            "vn",
            "ye",
            "za",
            "zm",
            "zw",
        ]
        | None
    ) = None


class ApiAgentStartRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    task: Annotated[
        str, Field(description="The task that the agent should perform", title="Task")
    ]
    url: Annotated[
        str | None,
        Field(
            description="The URL that the agent should start on (optional)", title="Url"
        ),
    ] = None
    response_format: Annotated[
        Any,
        Field(
            description="The response format to use for the agent answer. You can use a Pydantic model or a JSON Schema dict (cf. https://docs.pydantic.dev/latest/concepts/json_schema/#generating-json-schema.)",
            title="Response Format",
        ),
    ] = None
    session_offset: Annotated[
        int | None,
        Field(
            description="[Experimental] The step from which the agent should gather information from in the session. If none, fresh memory",
            title="Session Offset",
        ),
    ] = None
    reasoning_model: Annotated[
        str
        | Literal[
            "openai/gpt-4o",
            "gemini/gemini-2.5-flash",
            "vertex_ai/gemini-2.5-flash",
            "openrouter/google/gemma-3-27b-it",
            "cerebras/gpt-oss-120b",
            "groq/gpt-oss-120b",
            "perplexity/sonar-pro",
            "deepseek/deepseek-r1",
            "together_ai/meta-llama/llama-3.3-70b-instruct",
            "anthropic/claude-sonnet-4-5-20250929",
            "moonshot/kimi-k2.5",
            "xai/grok-4-1-fast-non-reasoning",
            "minimax/minimax-m2.5",
        ]
        | None,
        Field(description="The reasoning model to use", title="Reasoning Model"),
    ] = None
    use_vision: Annotated[
        bool,
        Field(
            description="Whether to use vision for the agent. Not all reasoning models support vision.",
            title="Use Vision",
        ),
    ] = True
    max_steps: Annotated[
        int,
        Field(
            description="The maximum number of steps the agent should take",
            ge=1,
            le=150,
            title="Max Steps",
        ),
    ] = 20
    vault_id: Annotated[
        str | None,
        Field(description="The vault to use for the agent", title="Vault Id"),
    ] = None
    persona_id: Annotated[
        str | None,
        Field(description="The persona to use for the agent", title="Persona Id"),
    ] = None
    notifier_config: Annotated[
        dict[str, Any] | None,
        Field(description="Config used for the notifier", title="Notifier Config"),
    ] = None
    session_id: Annotated[
        str,
        Field(
            description="The ID of the session to run the agent on", title="Session Id"
        ),
    ]


class AgentResponse(BaseModel):
    agent_id: Annotated[str, Field(description="The ID of the agent", title="Agent Id")]
    created_at: Annotated[
        AwareDatetime,
        Field(description="The creation time of the agent", title="Created At"),
    ]
    session_id: Annotated[
        str, Field(description="The ID of the session", title="Session Id")
    ]
    status: Annotated[
        Literal["active", "closed"],
        Field(
            description="The status of the agent (active or closed)",
            title="AgentStatus",
        ),
    ]
    closed_at: Annotated[
        AwareDatetime | None,
        Field(description="The closing time of the agent", title="Closed At"),
    ] = None
    saved: Annotated[
        bool,
        Field(description="Whether the agent is saved as a workflow", title="Saved"),
    ] = False


class BodySessionCookiesSetSessionsSessionIdCookiesPost(GetCookiesResponse):
    pass


class CheckActionInput(BaseModel):
    type: Annotated[Literal["check"], Field(title="Type")] = "check"
    category: Annotated[str, Field(min_length=1, title="Category")] = (
        "Interaction Actions"
    )
    description: Annotated[str, Field(title="Description")] = (
        "Check a checkbox. Use `True` to check, `False` to uncheck"
    )
    id: Annotated[str, Field(title="Id")] = ""
    selector: Annotated[str | NodeSelectors | None, Field(title="Selector")] = None
    press_enter: Annotated[bool | None, Field(title="Press Enter")] = None
    text_label: Annotated[str | None, Field(title="Text Label")] = None
    param: Annotated[ActionParameter | None, Field(validate_default=True)] = {
        "name": "value",
        "type": "bool",
        "values": [],
    }
    timeout: Annotated[int, Field(ge=0, title="Timeout")] = 15000
    value: Annotated[bool, Field(title="Value")]


class CheckActionOutput(BaseModel):
    type: Annotated[Literal["check"], Field(title="Type")] = "check"
    category: Annotated[str, Field(min_length=1, title="Category")] = (
        "Interaction Actions"
    )
    description: Annotated[str, Field(title="Description")] = (
        "Check a checkbox. Use `True` to check, `False` to uncheck"
    )
    id: Annotated[str, Field(title="Id")] = ""
    selector: Annotated[str | NodeSelectors | None, Field(title="Selector")] = None
    press_enter: Annotated[bool | None, Field(title="Press Enter")] = None
    text_label: Annotated[str | None, Field(title="Text Label")] = None
    timeout: Annotated[int, Field(ge=0, title="Timeout")] = 15000
    value: Annotated[bool, Field(title="Value")]


class ClickActionInput(BaseModel):
    type: Annotated[Literal["click"], Field(title="Type")] = "click"
    category: Annotated[str, Field(min_length=1, title="Category")] = (
        "Interaction Actions"
    )
    description: Annotated[str, Field(title="Description")] = (
        "Click on an element of the current page"
    )
    id: Annotated[str, Field(title="Id")] = ""
    selector: Annotated[str | NodeSelectors | None, Field(title="Selector")] = None
    press_enter: Annotated[bool | None, Field(title="Press Enter")] = None
    text_label: Annotated[str | None, Field(title="Text Label")] = None
    param: ActionParameter | None = None
    timeout: Annotated[int, Field(ge=0, title="Timeout")] = 15000


class ClickActionOutput(BaseModel):
    type: Annotated[Literal["click"], Field(title="Type")] = "click"
    category: Annotated[str, Field(min_length=1, title="Category")] = (
        "Interaction Actions"
    )
    description: Annotated[str, Field(title="Description")] = (
        "Click on an element of the current page"
    )
    id: Annotated[str, Field(title="Id")] = ""
    selector: Annotated[str | NodeSelectors | None, Field(title="Selector")] = None
    press_enter: Annotated[bool | None, Field(title="Press Enter")] = None
    text_label: Annotated[str | None, Field(title="Text Label")] = None
    timeout: Annotated[int, Field(ge=0, title="Timeout")] = 15000


class DataSpace(BaseModel):
    markdown: Annotated[str, Field(title="Markdown")]
    images: Annotated[list[ImageData] | None, Field(title="Images")] = None
    structured: StructuredDataBaseModel | None = None


class DownloadFileActionInput(BaseModel):
    type: Annotated[Literal["download_file"], Field(title="Type")] = "download_file"
    category: Annotated[str, Field(min_length=1, title="Category")] = (
        "Interaction Actions"
    )
    description: Annotated[str, Field(title="Description")] = (
        "Download files from interactive elements. Use with any clickable element which triggers a download, including button, a, div. This action can also be used to download pages which are raw files (ex. PDF viewer). CRITICAL: Use only this for file download, DO NOT use click."
    )
    id: Annotated[str, Field(title="Id")] = ""
    selector: Annotated[str | NodeSelectors | None, Field(title="Selector")] = None
    press_enter: Annotated[bool | None, Field(title="Press Enter")] = None
    text_label: Annotated[str | None, Field(title="Text Label")] = None
    param: ActionParameter | None = None
    timeout: Annotated[int, Field(ge=0, title="Timeout")] = 15000


class DownloadFileActionOutput(BaseModel):
    type: Annotated[Literal["download_file"], Field(title="Type")] = "download_file"
    category: Annotated[str, Field(min_length=1, title="Category")] = (
        "Interaction Actions"
    )
    description: Annotated[str, Field(title="Description")] = (
        "Download files from interactive elements. Use with any clickable element which triggers a download, including button, a, div. This action can also be used to download pages which are raw files (ex. PDF viewer). CRITICAL: Use only this for file download, DO NOT use click."
    )
    id: Annotated[str, Field(title="Id")] = ""
    selector: Annotated[str | NodeSelectors | None, Field(title="Selector")] = None
    press_enter: Annotated[bool | None, Field(title="Press Enter")] = None
    text_label: Annotated[str | None, Field(title="Text Label")] = None
    timeout: Annotated[int, Field(ge=0, title="Timeout")] = 15000


class FallbackFillActionInput(BaseModel):
    type: Annotated[Literal["fallback_fill"], Field(title="Type")] = "fallback_fill"
    category: Annotated[str, Field(min_length=1, title="Category")] = (
        "Interaction Actions"
    )
    description: Annotated[str, Field(title="Description")] = (
        "Fill an input field with a value. Only use if explicitly asked, or you failed to input with the normal fill action"
    )
    id: Annotated[str, Field(title="Id")] = ""
    selector: Annotated[str | NodeSelectors | None, Field(title="Selector")] = None
    press_enter: Annotated[bool | None, Field(title="Press Enter")] = None
    text_label: Annotated[str | None, Field(title="Text Label")] = None
    param: Annotated[ActionParameter | None, Field(validate_default=True)] = {
        "name": "value",
        "type": "str",
        "values": [],
    }
    timeout: Annotated[int, Field(ge=0, title="Timeout")] = 15000
    value: Annotated[str | SecretStr, Field(title="Value")]
    clear_before_fill: Annotated[bool, Field(title="Clear Before Fill")] = True


class FallbackFillActionOutput(BaseModel):
    type: Annotated[Literal["fallback_fill"], Field(title="Type")] = "fallback_fill"
    category: Annotated[str, Field(min_length=1, title="Category")] = (
        "Interaction Actions"
    )
    description: Annotated[str, Field(title="Description")] = (
        "Fill an input field with a value. Only use if explicitly asked, or you failed to input with the normal fill action"
    )
    id: Annotated[str, Field(title="Id")] = ""
    selector: Annotated[str | NodeSelectors | None, Field(title="Selector")] = None
    press_enter: Annotated[bool | None, Field(title="Press Enter")] = None
    text_label: Annotated[str | None, Field(title="Text Label")] = None
    timeout: Annotated[int, Field(ge=0, title="Timeout")] = 15000
    value: Annotated[str | SecretStr, Field(title="Value")]
    clear_before_fill: Annotated[bool, Field(title="Clear Before Fill")] = True


class FillActionInput(BaseModel):
    type: Annotated[Literal["fill"], Field(title="Type")] = "fill"
    category: Annotated[str, Field(min_length=1, title="Category")] = (
        "Interaction Actions"
    )
    description: Annotated[str, Field(title="Description")] = (
        "Fill an input field with a value"
    )
    id: Annotated[str, Field(title="Id")] = ""
    selector: Annotated[str | NodeSelectors | None, Field(title="Selector")] = None
    press_enter: Annotated[bool | None, Field(title="Press Enter")] = None
    text_label: Annotated[str | None, Field(title="Text Label")] = None
    param: Annotated[ActionParameter | None, Field(validate_default=True)] = {
        "name": "value",
        "type": "str",
        "values": [],
    }
    timeout: Annotated[int, Field(ge=0, title="Timeout")] = 15000
    value: Annotated[str | SecretStr, Field(title="Value")]
    clear_before_fill: Annotated[bool, Field(title="Clear Before Fill")] = True


class FillActionOutput(BaseModel):
    type: Annotated[Literal["fill"], Field(title="Type")] = "fill"
    category: Annotated[str, Field(min_length=1, title="Category")] = (
        "Interaction Actions"
    )
    description: Annotated[str, Field(title="Description")] = (
        "Fill an input field with a value"
    )
    id: Annotated[str, Field(title="Id")] = ""
    selector: Annotated[str | NodeSelectors | None, Field(title="Selector")] = None
    press_enter: Annotated[bool | None, Field(title="Press Enter")] = None
    text_label: Annotated[str | None, Field(title="Text Label")] = None
    timeout: Annotated[int, Field(ge=0, title="Timeout")] = 15000
    value: Annotated[str | SecretStr, Field(title="Value")]
    clear_before_fill: Annotated[bool, Field(title="Clear Before Fill")] = True


class MultiFactorFillActionInput(BaseModel):
    type: Annotated[Literal["multi_factor_fill"], Field(title="Type")] = (
        "multi_factor_fill"
    )
    category: Annotated[str, Field(min_length=1, title="Category")] = (
        "Interaction Actions"
    )
    description: Annotated[str, Field(title="Description")] = (
        "Fill an MFA input field with a value. CRITICAL: Only use it when filling in an OTP."
    )
    id: Annotated[str, Field(title="Id")] = ""
    selector: Annotated[str | NodeSelectors | None, Field(title="Selector")] = None
    press_enter: Annotated[bool | None, Field(title="Press Enter")] = None
    text_label: Annotated[str | None, Field(title="Text Label")] = None
    param: Annotated[ActionParameter | None, Field(validate_default=True)] = {
        "name": "value",
        "type": "str",
        "values": [],
    }
    timeout: Annotated[int, Field(ge=0, title="Timeout")] = 15000
    value: Annotated[str | SecretStr, Field(title="Value")]
    clear_before_fill: Annotated[bool, Field(title="Clear Before Fill")] = True


class MultiFactorFillActionOutput(BaseModel):
    type: Annotated[Literal["multi_factor_fill"], Field(title="Type")] = (
        "multi_factor_fill"
    )
    category: Annotated[str, Field(min_length=1, title="Category")] = (
        "Interaction Actions"
    )
    description: Annotated[str, Field(title="Description")] = (
        "Fill an MFA input field with a value. CRITICAL: Only use it when filling in an OTP."
    )
    id: Annotated[str, Field(title="Id")] = ""
    selector: Annotated[str | NodeSelectors | None, Field(title="Selector")] = None
    press_enter: Annotated[bool | None, Field(title="Press Enter")] = None
    text_label: Annotated[str | None, Field(title="Text Label")] = None
    timeout: Annotated[int, Field(ge=0, title="Timeout")] = 15000
    value: Annotated[str | SecretStr, Field(title="Value")]
    clear_before_fill: Annotated[bool, Field(title="Clear Before Fill")] = True


class PaginatedResponseAgentResponse(BaseModel):
    items: Annotated[list[AgentResponse], Field(title="Items")]
    page: Annotated[int, Field(title="Page")]
    page_size: Annotated[int, Field(title="Page Size")]
    has_next: Annotated[bool, Field(title="Has Next")]
    has_previous: Annotated[bool, Field(title="Has Previous")]


class PaginatedResponsePersonaResponse(BaseModel):
    items: Annotated[list[PersonaResponse], Field(title="Items")]
    page: Annotated[int, Field(title="Page")]
    page_size: Annotated[int, Field(title="Page Size")]
    has_next: Annotated[bool, Field(title="Has Next")]
    has_previous: Annotated[bool, Field(title="Has Previous")]


class PaginatedResponseProfileResponse(BaseModel):
    items: Annotated[list[ProfileResponse], Field(title="Items")]
    page: Annotated[int, Field(title="Page")]
    page_size: Annotated[int, Field(title="Page Size")]
    has_next: Annotated[bool, Field(title="Has Next")]
    has_previous: Annotated[bool, Field(title="Has Previous")]


class PaginatedResponseUsageLog(BaseModel):
    items: Annotated[list[UsageLog], Field(title="Items")]
    page: Annotated[int, Field(title="Page")]
    page_size: Annotated[int, Field(title="Page Size")]
    has_next: Annotated[bool, Field(title="Has Next")]
    has_previous: Annotated[bool, Field(title="Has Previous")]


class PaginatedResponseVault(BaseModel):
    items: Annotated[list[Vault], Field(title="Items")]
    page: Annotated[int, Field(title="Page")]
    page_size: Annotated[int, Field(title="Page Size")]
    has_next: Annotated[bool, Field(title="Has Next")]
    has_previous: Annotated[bool, Field(title="Has Previous")]


class SnapshotMetadata(BaseModel):
    title: Annotated[str, Field(title="Title")]
    url: Annotated[str, Field(title="Url")]
    viewport: ViewportData
    tabs: Annotated[list[TabsData], Field(title="Tabs")]
    timestamp: Annotated[AwareDatetime | None, Field(title="Timestamp")] = None


class TabSessionDebugResponse(BaseModel):
    metadata: TabsData
    debug_url: Annotated[str, Field(title="Debug Url")]
    ws_url: Annotated[str, Field(title="Ws Url")]


class AgentState(BaseModel):
    previous_goal_status: Annotated[
        Literal["success", "failure", "unknown"], Field(title="Previous Goal Status")
    ]
    previous_goal_eval: Annotated[str, Field(title="Previous Goal Eval")]
    page_summary: Annotated[str, Field(title="Page Summary")]
    relevant_interactions: Annotated[
        list[RelevantInteraction], Field(title="Relevant Interactions")
    ]
    memory: Annotated[str, Field(title="Memory")]
    next_goal: Annotated[str, Field(title="Next Goal")]


class AgentCompletion(BaseModel):
    started_at: Annotated[AwareDatetime, Field(title="Started At")]
    ended_at: Annotated[AwareDatetime, Field(title="Ended At")]
    state: AgentState
    action: Annotated[Action, Field(title="Action")]


class ApiSessionStartRequest(BaseModel):
    model_config = ConfigDict(
        extra="forbid",
    )
    headless: Annotated[
        bool,
        Field(
            description="Whether to run the session in headless mode.", title="Headless"
        ),
    ] = True
    solve_captchas: Annotated[
        bool,
        Field(
            description="Whether to try to automatically solve captchas",
            title="Solve Captchas",
        ),
    ] = False
    max_duration_minutes: Annotated[
        int,
        Field(
            description="Maximum session lifetime in minutes (absolute maximum, not affected by activity).",
            gt=0,
            le=1440,
            title="Max Duration Minutes",
        ),
    ] = 15
    idle_timeout_minutes: Annotated[
        int,
        Field(
            description="Idle timeout in minutes. Session closes after this period of inactivity (resets on each operation).",
            gt=0,
            le=15,
            title="Idle Timeout Minutes",
        ),
    ] = 3
    proxies: Annotated[
        list[
            Annotated[
                NotteProxy | ExternalProxy | TailnetProxy, Field(discriminator="type")
            ]
        ]
        | bool,
        Field(
            description="List of custom proxies to use for the session. If True, the default proxies will be used.",
            title="Proxies",
            validate_default=True,
        ),
    ] = False
    browser_type: Annotated[
        Literal["chromium", "chrome", "firefox", "chrome-nightly", "chrome-turbo"],
        Field(
            description="The browser type to use. Can be chromium, chrome or firefox.",
            title="Browser Type",
        ),
    ] = "chromium"
    user_agent: Annotated[
        str | None,
        Field(description="The user agent to use for the session", title="User Agent"),
    ] = None
    chrome_args: Annotated[
        list[str] | None,
        Field(
            description="Overwrite the chrome instance arguments", title="Chrome Args"
        ),
    ] = None
    viewport_width: Annotated[
        int | None,
        Field(description="The width of the viewport", title="Viewport Width"),
    ] = None
    viewport_height: Annotated[
        int | None,
        Field(description="The height of the viewport", title="Viewport Height"),
    ] = None
    aspect_ratio: Annotated[
        Literal["5:4", "16:9"] | None,
        Field(
            description="Viewport shape preset. When set, the backend fits the largest rectangle of this aspect ratio inside the sampled available screen area. Cannot be combined with explicit viewport_width/viewport_height.",
            title="Aspect Ratio",
        ),
    ] = None
    cdp_url: Annotated[
        str | None,
        Field(
            description="The CDP URL of another remote session provider.",
            title="Cdp Url",
        ),
    ] = None
    use_file_storage: Annotated[
        bool,
        Field(
            description="Whether FileStorage should be attached to the session.",
            title="Use File Storage",
        ),
    ] = True
    screenshot_type: Annotated[
        Literal["raw", "full", "last_action"],
        Field(
            description="The type of screenshot to use for the session.",
            title="Screenshot Type",
        ),
    ] = "last_action"
    profile: Annotated[
        SessionProfile | None,
        Field(description="Browser profile configuration for state persistence"),
    ] = None
    web_bot_auth: Annotated[
        bool,
        Field(
            description="Whether to use web bot authentication.", title="Web Bot Auth"
        ),
    ] = False
    extra_http_headers: Annotated[
        dict[str, str] | None,
        Field(
            description="Extra HTTP headers to be sent with every request.",
            title="Extra Http Headers",
        ),
    ] = None
    vault_id: Annotated[
        str | None,
        Field(description="The vault to use for the session", title="Vault Id"),
    ] = None


class ActionSpace(BaseModel):
    description: Annotated[str, Field(title="Description")]
    interaction_actions: Annotated[
        list[
            Annotated[
                ClickActionOutput
                | FillActionOutput
                | MultiFactorFillActionOutput
                | FallbackFillActionOutput
                | CheckActionOutput
                | SelectDropdownOptionActionOutput
                | UploadFileActionOutput
                | DownloadFileActionOutput,
                Field(discriminator="type"),
            ]
        ],
        Field(title="Interaction Actions"),
    ]
    category: (
        Literal[
            "homepage",
            "search-results",
            "data-feed",
            "item",
            "auth",
            "form",
            "manage-cookies",
            "overlay",
            "payment",
            "captcha",
            "other",
        ]
        | None
    ) = None
    actions: Annotated[
        list[
            Annotated[
                FormFillAction
                | GotoAction
                | GotoNewTabAction
                | CloseTabAction
                | SwitchTabAction
                | GoBackAction
                | GoForwardAction
                | ReloadAction
                | WaitAction
                | PressKeyAction
                | ScrollUpAction
                | ScrollDownAction
                | CaptchaSolveAction
                | HelpAction
                | CompletionAction
                | ScrapeAction
                | EmailReadAction
                | SmsReadAction
                | EvaluateJsAction
                | ClickActionOutput
                | FillActionOutput
                | MultiFactorFillActionOutput
                | FallbackFillActionOutput
                | CheckActionOutput
                | SelectDropdownOptionActionOutput
                | UploadFileActionOutput
                | DownloadFileActionOutput,
                Field(discriminator="type"),
            ]
        ],
        Field(title="Actions"),
    ]
    browser_actions: Annotated[
        list[
            Annotated[
                FormFillAction
                | GotoAction
                | GotoNewTabAction
                | CloseTabAction
                | SwitchTabAction
                | GoBackAction
                | GoForwardAction
                | ReloadAction
                | WaitAction
                | PressKeyAction
                | ScrollUpAction
                | ScrollDownAction
                | CaptchaSolveAction
                | HelpAction
                | CompletionAction
                | ScrapeAction
                | EmailReadAction
                | SmsReadAction
                | EvaluateJsAction,
                Field(discriminator="type"),
            ]
        ],
        Field(title="Browser Actions"),
    ]
    markdown: Annotated[str, Field(title="Markdown")]


class ApiExecutionResponse(BaseModel):
    started_at: Annotated[AwareDatetime, Field(title="Started At")]
    ended_at: Annotated[AwareDatetime, Field(title="Ended At")]
    action: Annotated[
        FormFillAction
        | GotoAction
        | GotoNewTabAction
        | CloseTabAction
        | SwitchTabAction
        | GoBackAction
        | GoForwardAction
        | ReloadAction
        | WaitAction
        | PressKeyAction
        | ScrollUpAction
        | ScrollDownAction
        | CaptchaSolveAction
        | HelpAction
        | CompletionAction
        | ScrapeAction
        | EmailReadAction
        | SmsReadAction
        | EvaluateJsAction
        | ClickActionOutput
        | FillActionOutput
        | MultiFactorFillActionOutput
        | FallbackFillActionOutput
        | CheckActionOutput
        | SelectDropdownOptionActionOutput
        | UploadFileActionOutput
        | DownloadFileActionOutput,
        Field(discriminator="type", title="Action"),
    ]
    success: Annotated[bool, Field(title="Success")]
    message: Annotated[str, Field(title="Message")]
    data: DataSpace | None = None
    exception: Annotated[str | None, Field(title="Exception")] = None


class Observation(BaseModel):
    started_at: Annotated[AwareDatetime, Field(title="Started At")]
    ended_at: Annotated[AwareDatetime, Field(title="Ended At")]
    metadata: SnapshotMetadata
    screenshot: Screenshot
    space: ActionSpace


class SessionDebugResponse(BaseModel):
    debug_url: Annotated[str, Field(title="Debug Url")]
    ws: WebSocketUrls
    tabs: Annotated[list[TabSessionDebugResponse], Field(title="Tabs")]
