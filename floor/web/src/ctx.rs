//! What a handler gets besides its own parameters: the city, who acts, when, and in which language.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use chrono::NaiveDate;
use http::Uri;
use http::request::Parts;
use kyodo_db::Db;
use kyodo_kernel::words::Words;
use kyodo_kernel::{Actor, City, CityState, FiscalYear, Language};

use crate::error::Error;
use crate::{Frame, House};

/// A request's surroundings, resolved once at the door.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// The rooms put together.
    pub house: Arc<House>,
    /// The city.
    pub city: Arc<City>,
    /// What is known of it as of this request.
    pub state: Arc<CityState>,
    /// Its database, counting this request's sentences.
    pub db: Db,
    /// Who acts.
    pub actor: Actor,
    /// The day in the city.
    pub today: NaiveDate,
    /// The language of the frame.
    pub language: Language,
    /// Whether the reader wants furigana.
    pub furigana: bool,
    /// The address asked for.
    pub uri: Uri,
    /// Names this request in logs and on error pages.
    pub request_id: Arc<str>,
}

impl Ctx {
    /// The words of this request.
    #[must_use]
    pub fn words(&self) -> &Words {
        self.state.words(self.language)
    }

    /// The fiscal year of today.
    #[must_use]
    pub fn fiscal_year(&self) -> FiscalYear {
        FiscalYear::of(self.today)
    }

    /// A fiscal year as the city writes it in running text; English pages write the Western year.
    #[must_use]
    pub fn long_year(&self, year: FiscalYear) -> String {
        match self.language {
            Language::English => self.words().with("year-western", [("year", year.to_string())]),
            Language::EasyJapanese => format!("{year}年度"),
            Language::Japanese => self.state.profile.fiscal_year.long(year),
        }
    }

    /// A fiscal year as the city writes it in grids.
    #[must_use]
    pub fn short_year(&self, year: FiscalYear) -> String {
        match self.language {
            Language::English | Language::EasyJapanese => year.to_string(),
            Language::Japanese => self.state.profile.fiscal_year.short(year),
        }
    }

    /// The page frame for a page of this title.
    #[must_use]
    pub fn frame(&self, title: impl Into<String>) -> Frame {
        Frame::new(self.clone(), title.into())
    }
}

impl<S: Sync> FromRequestParts<S> for Ctx {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        // The door leaves it there for every request that belongs to a city.
        parts.extensions.get::<Self>().cloned().ok_or(Error::NotFound)
    }
}
