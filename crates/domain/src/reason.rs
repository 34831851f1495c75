//! Why a request is refused, and what the protocol calls it: the only such table.

use crate::policy::BudgetScope;
use crate::time::Lifetime;

/// An error code of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// RFC 6749 §5.2.
    InvalidRequest,
    /// RFC 6749 §5.2. Answered with 401 and a challenge.
    InvalidClient,
    /// RFC 6749 §5.2.
    InvalidGrant,
    /// RFC 6749 §5.2.
    UnauthorizedClient,
    /// RFC 6749 §5.2.
    UnsupportedGrantType,
    /// RFC 6749 §5.2.
    InvalidScope,
    /// RFC 8707 §2.
    InvalidTarget,
    /// RFC 6750 §3.1. Answered with 401 and a Bearer challenge.
    InvalidToken,
    /// RFC 6749 §4.1.2.1; a caller that is known and may not.
    AccessDenied,
    /// Throttled: RFC 6585 §4 with RFC 6749's member names.
    SlowDown,
}

impl ErrorCode {
    /// The code as it stands in `error`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidTarget => "invalid_target",
            Self::InvalidToken => "invalid_token",
            Self::AccessDenied => "access_denied",
            Self::SlowDown => "slow_down",
        }
    }
}

/// The precise cause of a refusal. It goes to the log and the event; the wire sees only
/// [`Reason::code`] and [`Reason::description`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// No client has this id.
    UnknownClient,
    /// The client is switched off.
    ClientDisabled,
    /// The secret is not the client's.
    WrongClientSecret,
    /// The client may not authenticate from this address (`allowed_ips`).
    ClientAddressNotAllowed,
    /// The client must show its secret and showed none.
    MissingClientSecret,
    /// The request names no client.
    MissingClient,
    /// The grant type is unknown or not enabled on this server.
    GrantTypeNotEnabled,
    /// The client may not use this grant type.
    GrantTypeNotAllowed,
    /// The client's permission to use the password grant has ended (`auth.password.sunset`).
    GrantTypeSunset,
    /// Only a client that proved itself with a secret may do this.
    ConfidentialClientRequired,
    /// A scope token is not allowed to the client, or was not granted to the session.
    ScopeNotAllowed,
    /// The audience asked for is not one of the client's.
    AudienceNotAllowed,
    /// The password is longer than [`crate::secret::Password::LONGEST`].
    PasswordTooLong,
    /// No user has this name.
    UnknownUser,
    /// The password is not the user's.
    WrongPassword,
    /// The user has no password to compare with.
    NoPassword,
    /// The password was right and the user is inactive.
    UserDisabled,
    /// The password was right and is of no use any more: its owner must choose another one.
    PasswordChangeRequired,
    /// The token of a link to choose a password is malformed, unknown, used or late.
    InvalidResetToken,
    /// No session knows this refresh token.
    UnknownRefreshToken,
    /// The refresh token was issued to another client.
    RefreshTokenOfAnotherClient,
    /// The token to revoke was issued to another client.
    TokenOfAnotherClient,
    /// A refresh token was presented again after its successor was used; its session is closed.
    RefreshTokenReused,
    /// The session was closed, or its client or user was disabled, removed or given new credentials.
    SessionClosed,
    /// The session has come to its end.
    SessionExpired,
    /// The bearer token is unknown, dead, malformed or of the wrong kind.
    InvalidBearerToken,
    /// The caller showed no credentials.
    MissingCredentials,
    /// The caller is known and may not do this.
    NotAllowed,
    /// Too many tries.
    Throttled {
        /// When to try again.
        retry_after: Lifetime,
        /// Whose budget has no room until then. It is not told outside.
        scope: BudgetScope,
    },
}

impl Reason {
    /// Every reason, for tests and generated documentation.
    pub const ALL: [Self; 29] = [
        Self::UnknownClient,
        Self::ClientDisabled,
        Self::WrongClientSecret,
        Self::ClientAddressNotAllowed,
        Self::MissingClientSecret,
        Self::MissingClient,
        Self::GrantTypeNotEnabled,
        Self::GrantTypeNotAllowed,
        Self::GrantTypeSunset,
        Self::ConfidentialClientRequired,
        Self::ScopeNotAllowed,
        Self::AudienceNotAllowed,
        Self::PasswordTooLong,
        Self::UnknownUser,
        Self::WrongPassword,
        Self::NoPassword,
        Self::UserDisabled,
        Self::PasswordChangeRequired,
        Self::InvalidResetToken,
        Self::UnknownRefreshToken,
        Self::RefreshTokenOfAnotherClient,
        Self::TokenOfAnotherClient,
        Self::RefreshTokenReused,
        Self::SessionClosed,
        Self::SessionExpired,
        Self::InvalidBearerToken,
        Self::MissingCredentials,
        Self::NotAllowed,
        Self::Throttled {
            retry_after: Lifetime::from_seconds(1),
            scope: BudgetScope::Account,
        },
    ];

    /// The protocol's code and the section that demands it.
    #[must_use]
    pub const fn protocol(self) -> (ErrorCode, &'static str) {
        match self {
            Self::UnknownClient
            | Self::ClientDisabled
            | Self::WrongClientSecret
            | Self::ClientAddressNotAllowed
            | Self::MissingClientSecret
            | Self::MissingClient => (ErrorCode::InvalidClient, "RFC 6749 §5.2"),
            Self::GrantTypeNotEnabled => (ErrorCode::UnsupportedGrantType, "RFC 6749 §5.2"),
            Self::GrantTypeNotAllowed | Self::GrantTypeSunset => {
                (ErrorCode::UnauthorizedClient, "RFC 6749 §5.2")
            }
            Self::ConfidentialClientRequired => (ErrorCode::UnauthorizedClient, "RFC 6749 §4.4"),
            Self::TokenOfAnotherClient => (ErrorCode::UnauthorizedClient, "RFC 7009 §2.1"),
            Self::ScopeNotAllowed => (ErrorCode::InvalidScope, "RFC 6749 §3.3"),
            Self::AudienceNotAllowed => (ErrorCode::InvalidTarget, "RFC 8707 §2"),
            Self::PasswordTooLong => (ErrorCode::InvalidRequest, "RFC 6749 §5.2"),
            Self::UnknownUser
            | Self::WrongPassword
            | Self::NoPassword
            | Self::UserDisabled
            | Self::PasswordChangeRequired => (ErrorCode::InvalidGrant, "RFC 6749 §4.3.2"),
            Self::InvalidResetToken => (ErrorCode::InvalidGrant, "RFC 6749 §5.2"),
            Self::UnknownRefreshToken
            | Self::RefreshTokenOfAnotherClient
            | Self::SessionClosed
            | Self::SessionExpired => (ErrorCode::InvalidGrant, "RFC 6749 §6"),
            Self::RefreshTokenReused => (ErrorCode::InvalidGrant, "RFC 9700 §4.14"),
            Self::InvalidBearerToken | Self::MissingCredentials => {
                (ErrorCode::InvalidToken, "RFC 6750 §3.1")
            }
            Self::NotAllowed => (ErrorCode::AccessDenied, "RFC 6750 §3.1"),
            Self::Throttled { .. } => (ErrorCode::SlowDown, "RFC 6585 §4"),
        }
    }

    /// The protocol's code.
    #[must_use]
    pub const fn code(self) -> ErrorCode {
        self.protocol().0
    }

    /// `error_description`: the same words for reasons that must look alike outside.
    #[must_use]
    pub const fn description(self) -> &'static str {
        match self {
            Self::UnknownClient
            | Self::ClientDisabled
            | Self::WrongClientSecret
            | Self::ClientAddressNotAllowed
            | Self::MissingClientSecret => "Client authentication failed",
            Self::MissingClient => "The request does not authenticate a client",
            Self::GrantTypeNotEnabled => "This grant type is not supported",
            Self::GrantTypeNotAllowed => "The client may not use this grant type",
            Self::GrantTypeSunset => "The client may no longer use the password grant",
            Self::ConfidentialClientRequired => "The client must authenticate with a secret",
            Self::TokenOfAnotherClient => "The token was issued to another client",
            Self::ScopeNotAllowed => "A requested scope is not allowed",
            Self::AudienceNotAllowed => "The requested audience is not allowed",
            Self::PasswordTooLong => "The password is too long",
            Self::UnknownUser | Self::WrongPassword | Self::NoPassword => {
                "Wrong username or password"
            }
            Self::UserDisabled => "User is inactive",
            Self::PasswordChangeRequired => "A new password is needed",
            Self::InvalidResetToken => "The link is not valid any more",
            Self::UnknownRefreshToken
            | Self::RefreshTokenOfAnotherClient
            | Self::RefreshTokenReused
            | Self::SessionClosed
            | Self::SessionExpired => "The refresh token is not valid",
            Self::InvalidBearerToken => "The access token is not valid",
            Self::MissingCredentials => "An access token is required",
            Self::NotAllowed => "The caller may not do this",
            Self::Throttled { .. } => "Too many attempts, try again later",
        }
    }

    /// A stable name for logs, events and documentation.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnknownClient => "unknown_client",
            Self::ClientDisabled => "client_disabled",
            Self::WrongClientSecret => "wrong_client_secret",
            Self::ClientAddressNotAllowed => "client_address_not_allowed",
            Self::MissingClientSecret => "missing_client_secret",
            Self::MissingClient => "missing_client",
            Self::GrantTypeNotEnabled => "grant_type_not_enabled",
            Self::GrantTypeNotAllowed => "grant_type_not_allowed",
            Self::GrantTypeSunset => "grant_type_sunset",
            Self::ConfidentialClientRequired => "confidential_client_required",
            Self::ScopeNotAllowed => "scope_not_allowed",
            Self::AudienceNotAllowed => "audience_not_allowed",
            Self::PasswordTooLong => "password_too_long",
            Self::UnknownUser => "unknown_user",
            Self::WrongPassword => "wrong_password",
            Self::NoPassword => "no_password",
            Self::UserDisabled => "user_disabled",
            Self::PasswordChangeRequired => "password_change_required",
            Self::InvalidResetToken => "invalid_reset_token",
            Self::UnknownRefreshToken => "unknown_refresh_token",
            Self::RefreshTokenOfAnotherClient => "refresh_token_of_another_client",
            Self::TokenOfAnotherClient => "token_of_another_client",
            Self::RefreshTokenReused => "refresh_token_reused",
            Self::SessionClosed => "session_closed",
            Self::SessionExpired => "session_expired",
            Self::InvalidBearerToken => "invalid_bearer_token",
            Self::MissingCredentials => "missing_credentials",
            Self::NotAllowed => "not_allowed",
            Self::Throttled { .. } => "throttled",
        }
    }

    /// Groups that must be indistinguishable outside, in body and in duration.
    #[must_use]
    pub fn twins() -> Vec<Vec<Self>> {
        vec![
            vec![
                Self::UnknownClient,
                Self::ClientDisabled,
                Self::WrongClientSecret,
                Self::ClientAddressNotAllowed,
                Self::MissingClientSecret,
            ],
            vec![Self::UnknownUser, Self::WrongPassword, Self::NoPassword],
            vec![
                Self::UnknownRefreshToken,
                Self::RefreshTokenOfAnotherClient,
                Self::RefreshTokenReused,
                Self::SessionClosed,
                Self::SessionExpired,
            ],
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twins_look_alike() {
        for group in Reason::twins() {
            for pair in group.windows(2) {
                assert_eq!(pair[0].code(), pair[1].code(), "{pair:?}");
                assert_eq!(pair[0].description(), pair[1].description(), "{pair:?}");
            }
        }
    }

    #[test]
    fn descriptions_keep_to_the_grammar_of_error_description() {
        for reason in Reason::ALL {
            let ok = |b: u8| matches!(b, 0x20 | 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
            assert!(reason.description().bytes().all(ok), "{reason:?}");
        }
    }

    #[test]
    fn names_are_unique() {
        let names: std::collections::HashSet<_> = Reason::ALL.iter().map(|r| r.name()).collect();
        assert_eq!(names.len(), Reason::ALL.len());
    }
}
