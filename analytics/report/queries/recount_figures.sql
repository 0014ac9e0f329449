-- Net trust and attention of a report's weeks, counted again from the posts: deletion changes no weekly number that is kept.
SELECT figure_id, value_now AS value, n_now AS n FROM published_against_now WHERE report_id = $report_id;
