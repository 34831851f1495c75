//! `grantor reference`: the pages of docs/reference that are made from the code.

use clap::{Args, ValueEnum};

use crate::failure::Failure;

/// Prints one page.
#[derive(Debug, Args)]
pub(super) struct Reference {
    page: Page,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Page {
    /// Every configuration key.
    Configuration,
    /// Every reason for a refusal.
    Errors,
    /// Every metric.
    Metrics,
}

impl Reference {
    pub(super) fn run(&self) -> Result<(), Failure> {
        super::print(&match self.page {
            Page::Configuration => crate::config::reference(),
            Page::Errors => grantor_http_api::errors_reference(),
            Page::Metrics => crate::metrics::reference(),
        })
    }
}
