Documentation.addTranslations({
  "locale": "ko",
  "messages": {
    ", in ": ", ",
    "Hide Search Matches": "찾은 낱말 강조 끄기",
    "Preparing search...": "검색을 준비합니다…",
    "Search Results": "검색 결과",
    "Search finished, found one page matching the search query.": ["${resultCount}건을 찾았습니다."],
    "Searching": "검색 중",
    "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.": "찾는 낱말이 있는 쪽이 없습니다. 맞춤법을 확인하거나 다른 낱말로 찾아보세요."
  },
  "plural_expr": "0"
});
