namespace Dymes.Message.Json;

/// <summary>How the JSON of a message shows its body.</summary>
public enum BodyForm
{
    /// <summary>As <c>encoded_msg_body</c>, standard base64: fits any body.</summary>
    Base64,

    /// <summary>As the JSON value <c>body</c>; a body that is not JSON is shown as <see cref="Base64"/>.</summary>
    Json,

    /// <summary>As the string <c>body</c>; a body that is not UTF-8 is shown as <see cref="Base64"/>.</summary>
    Text,
}
