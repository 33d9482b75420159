//! Which credentials are asked for, and where the others are.

use form_urlencoded::{Serializer, parse};
use northstar_kernel::Timestamp;

use super::status_info::StatusInfo;

/// The part of a list that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) limit: usize,
    pub(super) offset: usize,
    /// Only what came at that moment or later.
    pub(super) since: Option<Timestamp>,
}

impl Page {
    /// What a query asks for; as many as usual if it does not say how many, and no more than the most.
    pub(super) fn read(query: &str, (usual, most): (usize, usize)) -> Result<Self, StatusInfo> {
        let mut page = Self { limit: usual, offset: 0, since: None };
        for (name, value) in parse(query.as_bytes()) {
            let wrong = |wanted: &str| StatusInfo::query(format!("{name} must be {wanted}"));
            match &*name {
                "limit" => {
                    let limit = value.parse().ok().filter(|limit: &usize| *limit > 0);
                    page.limit = limit.ok_or_else(|| wrong("a whole number from 1"))?.min(most);
                }
                "offset" => {
                    page.offset = value.parse().map_err(|_| wrong("a whole number from 0"))?;
                }
                "since" => {
                    let moment = value.parse().map_err(|_| wrong("as 2026-11-22T12:00:00Z"))?;
                    page.since = Some(moment);
                }
                _ => return Err(StatusInfo::query(format!("{name} is not known here"))),
            }
        }
        Ok(page)
    }

    /// The `Link` header for a list of so many, at `address`.
    pub(super) fn links(&self, address: &str, total: usize) -> String {
        let link = |relation: &str, offset: usize| {
            let mut query = Serializer::new(String::new());
            query.append_pair("limit", &self.limit.to_string());
            query.append_pair("offset", &offset.to_string());
            query.extend_pairs(self.since.map(|since| ("since", since.to_string())));
            format!("<{address}?{}>; rel=\"{relation}\"", query.finish())
        };
        let last = total.saturating_sub(1) / self.limit * self.limit;
        let mut links = vec![link("first", 0), link("last", last)];
        if self.offset.saturating_add(self.limit) < total {
            links.push(link("next", self.offset + self.limit));
        }
        if self.offset > 0 {
            links.push(link("prev", self.offset.saturating_sub(self.limit).min(last)));
        }
        links.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read_or_refused() {
        let page = |limit, offset, since| Ok(Page { limit, offset, since });
        let read = |query| Page::read(query, (50, 500));
        assert_eq!(read(""), page(50, 0, None));
        assert_eq!(read("limit=2&offset=4"), page(2, 4, None));
        assert_eq!(read("limit=99999"), page(500, 0, None));
        let since = "2026-11-22T12:00:00Z".parse().ok();
        assert_eq!(read("since=2026-11-22T12%3A00%3A00Z"), page(50, 0, since));
        for wrong in ["limit=0", "limit=-1", "offset=x", "since=yesterday", "page=2", "limit="] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn links_lead_through_the_whole_list() {
        let page = |offset| Page { limit: 2, offset, since: None };
        let at = |offset: usize, relation: &str| {
            format!("<x?limit=2&offset={offset}>; rel=\"{relation}\"")
        };
        let links = |offset, total| page(offset).links("x", total);
        assert_eq!(links(0, 0), [at(0, "first"), at(0, "last")].join(", "));
        assert_eq!(links(0, 5), [at(0, "first"), at(4, "last"), at(2, "next")].join(", "));
        assert_eq!(links(4, 5), [at(0, "first"), at(4, "last"), at(2, "prev")].join(", "));
        assert_eq!(links(9, 5), [at(0, "first"), at(4, "last"), at(4, "prev")].join(", "));
        assert!(!links(usize::MAX, 5).contains("next"));
    }
}
